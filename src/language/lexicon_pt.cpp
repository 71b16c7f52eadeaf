// SPDX-License-Identifier: Apache-2.0
#include "language/lexicon.h"

namespace resolute::language {
namespace {

constexpr auto kB = ports::Category::billing;
constexpr auto kT = ports::Category::technical;
constexpr auto kP = ports::Category::product_inquiry;
constexpr auto kR = ports::Category::refund_request;
constexpr auto kG = ports::Category::general_support;

constexpr LexiconEntry kEntries[] = {
    {"fatura|faturas|faturamento|faturacao|nota fiscal", kB, 3.0},
    {"cobrado|cobrada|cobraram|cobranca|cobrancas|cobrando", kB, 3.0}, {"duas vezes", kB, 3.0},
    {"duplicada|duplicado", kB, 3.0}, {"iva|nif", kB, 3.0}, {"boleto|boletos", kB, 3.0}, {"debitado|debito", kB, 3.0},
    {"assinatura|assinaturas|subscricao", kB, 2.3}, {"cartao de credito|debito", kB, 2.3},
    {"metodo|forma|formas|meios de pagamento", kB, 2.3}, {"cancelar ..4 assinatura|plano|contrato|subscricao", kB, 2.3},
    {"renov*", kB, 2.3}, {"pagamento ..4 recusado|falhou|rejeitado", kB, 2.3}, {"a mais", kB, 2.3},
    {"transferencia|pix|iban", kB, 2.3}, {"pagamento|pagamentos|pagar", kB, 1.6}, {"recibo|comprovante|comprovativo", kB, 1.6},
    {"tarifa|valor|mensalidade|parcela|parcelas|taxa|taxas", kB, 1.6}, {"cartao", kB, 1.6}, {"desconto ..4 nao", kB, 1.6},
    {"banco", kB, 1.6}, {"paguei|pago", kB, 0.8},
   
    {"nao ..2 funciona|funcionam|liga|carrega|conecta|abre|responde|sincroniza|imprime|consigo|conseguimos ..4 entrar|acessar|aceder|instalar|conectar|abrir|baixar|fazer", kT, 3.0},
    {"nao ..2 funciona|funcionam|liga|carrega|conecta|abre|responde|sincroniza|imprime", kT, 3.0}, {"erro|erros", kT, 3.0},
    {"senha|palavra passe", kT, 3.0}, {"trava|travando|fecha|desliga|desconecta|cai", kT, 3.0}, {"mensagem de erro", kT, 3.0},
    {"falha|falhas|avaria|avariado|defeito", kT, 3.0}, {"instalar|instalacao|configurar|configuracao", kT, 2.2},
    {"login|acesso|acessar|aceder|entrar na", kT, 2.2}, {"atualizacao|atualizar|software", kT, 2.2},
    {"redefinir|reiniciar|reiniciei", kT, 2.2}, {"tela|ecra ..2 preta|preto|azul|branca", kT, 2.2},
    {"tecnico|tecnica", kT, 2.2}, {"api|servidor|driver", kT, 2.2}, {"codigo ..4 nao", kT, 2.2},
    {"lento|lenta|bloqueado|bloqueada", kT, 2.2}, {"parou de funcionar", kT, 2.2},
    {"defeituoso|quebrado|quebrada|estragado", kT, 2.2}, {"wifi|bluetooth|roteador|router|impressora|rede|internet", kT, 1.3},
    {"aplicativo|aplicacao|app|navegador|telefone|celular|telemovel|computador", kT, 1.3}, {"problema|problemas", kT, 1.3},
    {"configuracoes|definicoes", kT, 1.3}, {"bateria", kT, 1.3}, {"pisca|piscando", kT, 1.3},
    {"como ..4 ativar|desativar|conectar|exportar|importar|limpar", kT, 1.3}, {"reparar|conserto", kT, 1.3},
    {"voces oferecem|vendem|tem|fornecem", kP, 2.6}, {"oferecem|vendem|fornecem", kP, 2.6},
    {"quanto custa|custam|custaria|fica", kP, 2.6}, {"qual|quais e|o|os|sao ..4 preco|precos|valor", kP, 2.6},
    {"orcamento|cotacao|precos", kP, 2.6}, {"interessado|interessada|interessados|interesse", kP, 2.6},
    {"compativel|compativeis", kP, 2.6}, {"diferenca|diferencas", kP, 2.6},
    {"em estoque|stock|disponivel|disponiveis|disponibilidade", kP, 2.6},
    {"catalogo|amostra|amostras|demonstracao|gratuito", kP, 2.6}, {"teste gratis", kP, 2.6},
    {"recomendam|recomenda|aconselham|recomendar", kP, 2.6}, {"comprar|compra|adquirir", kP, 1.7},
    {"quero|queria|gostaria|gostariamos ..4 comprar|saber|encomendar|experimentar|informacoes|adquirir", kP, 1.7},
    {"e possivel|adequado", kP, 1.7}, {"ha|tem|existe ..4 desconto|versao|modelo|opcao|tamanho", kP, 1.7},
    {"antes de comprar|encomendar", kP, 1.7}, {"serve para", kP, 1.7},
    {"caracteristicas|dimensoes|medidas|materiais|ingredientes|alergenios|funcionalidades", kP, 1.7},
    {"atacado|grosso|quantidade", kP, 1.7}, {"qual ..3 tamanho|modelo|versao|plano", kP, 1.7}, {"inclui|suporta", kP, 1.7},
    {"quanto tempo dura", kP, 1.7}, {"preco", kP, 0.8}, {"produto|produtos", kP, 0.8}, {"plano|planos", kP, 0.8},
    {"reembols*", kR, 3.6}, {"devolucao|devolucoes|devolver|devolvam|devolva|devolvido", kR, 3.6},
    {"meu dinheiro|dinheiro de volta", kR, 3.6}, {"estorno|estornar|estornem", kR, 3.6},
    {"arrependimento|livre resolucao", kR, 3.6}, {"indeniz*|indemniz*|compensacao|ressarci*", kR, 3.6}, {"de volta", kR, 3.6},
    {"trocar|troca", kR, 1.8}, {"muito pequeno|grande|pequena", kR, 1.8},
    {"gostei|serviu", kR, 1.8}, {"nao quero mais", kR, 1.8}, {"preciso mais", kR, 1.8}, {"etiqueta de devolucao", kR, 1.8},
    {"onde esta ..4 pedido|encomenda|pacote", kG, 3.0}, {"rastrear|rastreio|rastreamento", kG, 3.0},
    {"horario|horarios|abertos|aberto|abrem|fecham", kG, 3.0},
    {"alterar|mudar|atualizar|trocar ..4 endereco|morada|telefone|email|nome|dados", kG, 3.0},
    {"mudei|mudanca", kG, 3.0}, {"novo endereco", kG, 3.0}, {"nova morada", kG, 3.0}, {"excluir|apagar|encerrar|eliminar ..4 conta", kG, 3.0},
    {"newsletter|descadastrar", kG, 3.0}, {"lgpd|rgpd|dados pessoais", kG, 3.0},
    {"nao ..3 chegou|recebi|entregue|recebemos", kG, 3.0}, {"ainda nao", kG, 3.0},
    {"entrega|entregar|envio|pedido|encomenda|pacote|transportadora", kG, 1.7},
    {"consulta|reserva|reservas|remarcar|adiar|agendamento|cancelar", kG, 1.7},
    {"reclamacao|queixa|grosseiro|mal educado", kG, 1.7}, {"agradecer|parabens|elogio|sugestao", kG, 1.7},
    {"contato|contacto|ligar|liguem|falar com", kG, 1.7}, {"certificado|declaracao", kG, 1.7},
    {"vaga|emprego|estagio|curriculo", kG, 1.7}, {"estacionamento|loja|onde ficam", kG, 1.7},
    {"falta|faltando|faltam|errado|errada|danificado|danificada", kG, 1.7}, {"pontos|cartao fidelidade", kG, 1.7},
    {"perdi|esqueci|perdidos", kG, 1.7},
};

}  // namespace

std::span<const LexiconEntry> portuguese_lexicon() { return kEntries; }

}  // namespace resolute::language
