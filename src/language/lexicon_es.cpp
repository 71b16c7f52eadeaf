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
    {"factura|facturas|facturacion|facturado", kB, 3.0}, {"cobrado|cobraron|cobro|cobros|cargo|cargos|cobrando", kB, 3.0},
    {"dos veces", kB, 3.0}, {"iva", kB, 3.0}, {"domiciliacion|domiciliado", kB, 3.0}, {"suscripcion|suscripciones", kB, 2.3},
    {"tarjeta de credito|debito", kB, 2.3}, {"metodo|forma|medios|metodos|formas de pago", kB, 2.3},
    {"cancelar|dar ..4 suscripcion|baja", kB, 2.3}, {"renov*", kB, 2.3}, {"pago ..4 rechazado|fallido", kB, 2.3},
    {"de mas", kB, 2.3}, {"transferencia|iban", kB, 2.3}, {"pago|pagos|pagar|abonar", kB, 1.6},
    {"recibo|recibos|comprobante", kB, 1.6}, {"tarifa|importe|cuota|cuotas", kB, 1.6}, {"tarjeta", kB, 1.6},
    {"comision|comisiones", kB, 1.6}, {"descuento ..4 no|aplic*", kB, 1.6}, {"banco", kB, 1.6}, {"pague|pagado", kB, 0.8},
   
    {"no ..2 funciona|funcionan|enciende|carga|conecta|abre|responde|arranca|sincroniza|imprime|deja|puedo|podemos ..4 iniciar|acceder|entrar|conectar|instalar|abrir|descargar", kT, 3.0},
    {"no ..2 funciona|funcionan|enciende|carga|conecta|abre|responde|arranca|sincroniza|imprime", kT, 3.0},
    {"error|errores", kT, 3.0}, {"contrasena|clave", kT, 3.0},
    {"se cierra|cuelga|congela|bloquea|apaga|desconecta|cae", kT, 3.0}, {"mensaje de error", kT, 3.0},
    {"fallo|fallos|falla|averia|averiado", kT, 3.0}, {"instalar|instalacion|configurar|configuracion", kT, 2.2},
    {"iniciar sesion|acceso|acceder", kT, 2.2}, {"actualizacion|actualizar|software", kT, 2.2},
    {"restablecer|reiniciar|reiniciado", kT, 2.2}, {"pantalla ..2 negra|azul|blanca", kT, 2.2}, {"tecnico|tecnica", kT, 2.2},
    {"api|servidor|controlador", kT, 2.2}, {"codigo ..4 no", kT, 2.2}, {"lento|lenta|bloqueado|bloqueada", kT, 2.2},
    {"dejo de funcionar", kT, 2.2}, {"wifi|bluetooth|router|impresora|red|internet", kT, 1.3},
    {"aplicacion|app|navegador|telefono|movil|ordenador|computadora", kT, 1.3}, {"problema|problemas", kT, 1.3},
    {"ajustes", kT, 1.3}, {"defectuoso|defectuosa|estropeado|roto|rota", kT, 1.3}, {"bateria", kT, 1.3}, {"parpadea", kT, 1.3},
    {"como ..4 activar|desactivar|conectar|exportar|importar|limpiar", kT, 1.3}, {"reparar|reparacion", kT, 1.3},
    {"ofrecen|ofreceis|venden|vendeis|tienen|teneis|tienes", kP, 2.6}, {"cuanto cuesta|cuestan|vale|valen|seria", kP, 2.6},
    {"cual|cuales es|son ..4 precio|precios|coste", kP, 2.6}, {"presupuesto|cotizacion|precios|tarifas", kP, 2.6},
    {"interesado|interesada|interesados|interesa", kP, 2.6}, {"compatible|compatibles", kP, 2.6},
    {"diferencia|diferencias", kP, 2.6}, {"en stock|disponible|disponibles|disponibilidad", kP, 2.6},
    {"catalogo|muestra|muestras|folleto|demo|demostracion", kP, 2.6}, {"prueba gratuita", kP, 2.6},
    {"recomiendan|recomendais|recomienda|recomendarme", kP, 2.6}, {"comprar|compra|adquirir", kP, 1.7},
    {"quiero|quisiera|quisieramos|gustaria ..4 comprar|saber|pedir|probar|contratar|informacion", kP, 1.7},
    {"es posible|compatible|apto|adecuado", kP, 1.7}, {"hay ..4 descuento|version|modelo|opcion|talla", kP, 1.7},
    {"antes de comprar|pedir|contratar", kP, 1.7}, {"sirve para|con", kP, 1.7},
    {"caracteristicas|dimensiones|medidas|materiales|ingredientes|alergenos|funciones", kP, 1.7},
    {"al por mayor|mayorista|cantidad|volumen", kP, 1.7}, {"que ..2 talla|modelo|tamano|plan|version|diferencia", kP, 1.7},
    {"incluye|incluyen|admite|soporta", kP, 1.7}, {"cuanto dura", kP, 1.7}, {"precio", kP, 0.8},
    {"producto|productos", kP, 0.8}, {"plan|planes", kP, 0.8},
    {"reembols*", kR, 3.6}, {"devolucion|devoluciones|devolver|devuelv*|devolverlo|devolverme", kR, 3.6},
    {"mi|el|nuestro dinero", kR, 3.6}, {"reintegr*", kR, 3.6}, {"derecho de desistimiento|desistir", kR, 3.6},
    {"indemniz*|compensacion", kR, 3.6}, {"cambiar por|cambio de talla|cambiarlo", kR, 1.8}, {"recuperar", kR, 1.8},
    {"no me queda|gusta|sirve", kR, 1.8}, {"demasiado pequeno|grande|pequena", kR, 1.8}, {"etiqueta de devolucion", kR, 1.8},
    {"ya no lo quiero|necesito", kR, 1.8},
    {"donde esta|anda ..4 pedido|paquete|envio", kG, 3.0}, {"seguimiento|rastreo|rastrear", kG, 3.0},
    {"horario|horarios|abren|abierto|abiertos|cierran", kG, 3.0},
    {"cambiar|actualizar|modificar ..4 direccion|telefono|correo|nombre|datos|email", kG, 3.0},
    {"nueva direccion|mudado|mudanza|mudamos", kG, 3.0}, {"eliminar|borrar|cerrar ..4 cuenta", kG, 3.0},
    {"boletin|newsletter|darme de baja del", kG, 3.0}, {"proteccion de datos|datos personales", kG, 3.0},
    {"no ..3 llegado|llega|recibido|entregado|llego|recibi", kG, 3.0},
    {"entrega|entregar|envio|envios|paquete|pedido|transportista", kG, 1.7},
    {"cita|citas|reserva|reservas|reprogramar|aplazar|anular|cancelar", kG, 1.7},
    {"queja|reclamacion|maleducado|grosero|trato", kG, 1.7}, {"felicitar|agradecer|sugerencia|opinion", kG, 1.7},
    {"contactar|llamar|llamen|telefono|hablar con", kG, 1.7}, {"certificado|justificante", kG, 1.7},
    {"empleo|trabajo|practicas|curriculum", kG, 1.7}, {"aparcamiento|ubicacion|tienda|donde estan", kG, 1.7},
    {"falta|faltan|equivocado|equivocada|danado|danada", kG, 1.7}, {"puntos|tarjeta de fidelidad", kG, 1.7},
    {"perdido|olvide|olvidado|objetos perdidos", kG, 1.7},
};

}  // namespace

std::span<const LexiconEntry> spanish_lexicon() { return kEntries; }

}  // namespace resolute::language
