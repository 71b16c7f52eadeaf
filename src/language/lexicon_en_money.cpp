// SPDX-License-Identifier: Apache-2.0
#include "language/lexicon.h"

namespace resolute::language {
namespace {

constexpr auto kB = ports::Category::billing;
constexpr auto kR = ports::Category::refund_request;
constexpr auto kG = ports::Category::general_support;

constexpr LexiconEntry kEntries[] = {
    // Invoices, receipts, tax
    {"bill|bills|invoice|invoices ..7 address|street|name", kB, 2.4}, {"address|name ..5 bill|bills|invoice|invoices|printed", kB, 2.4}, {"go|going|switch|switching|move|moving|drop|dropping|step|change|changing ..4 smaller|lower|cheaper|bigger|larger|higher ?plan|tier|subscription", kB, 2.4},
    {"go|going|switch|switching|moving|drop|dropping|changing ..2 from ..4 to|back|down ..3 plan", kB, 2.0}, {"going|switching|moving|changing from ..2 to", kB, 1.8}, {"smaller|lower|cheaper|bigger|larger plan|tier|subscription", kB, 1.6},
    {"invoice|invoices|invoicing|invoiced", kB, 3.0}, {"receipt|receipts", kB, 1.8}, {"billing|billed", kB, 2.6}, {"bill|bills", kB, 2.2},
    {"vat|gst", kB, 2.5}, {"tax|taxes", kB, 1.6}, {"tax id|number|exempt*", kB, 1.5}, {"statement|statements", kB, 1.2}, {"account|bank|card statement", kB, 1.2},
    {"billing address|cycle|period|date|department|details|information", kB, 1.5}, {"purchase order number", kB, 1.2}, {"po number", kB, 1.5},
    {"outstanding|unpaid|overdue ?balance|amount|invoice", kB, 2.0}, {"balance due|owed|owing", kB, 2.0}, {"amount due", kB, 2.0}, {"dunning|reminder ..2 payment", kB, 1.5},
    {"credit note|memo", kB, 1.8}, {"cost breakdown", kB, 1.0}, {"itemized|itemised", kB, 1.5},
    // Charges
    {"charged", kB, 1.8}, {"charge|charges", kB, 1.3}, {"charged twice|double|again|wrong*|incorrect*|extra|multiple|late", kB, 2.5}, {"charged ..6 twice", kB, 2.0},
    {"twice ..3 month", kB, 1.0}, {"double|duplicate|duplicated charge|charges|charged|payment|payments|billing|billed|debit*", kB, 3.0},
    {"billed twice|double|wrong*|incorrect*", kB, 2.0}, {"overcharg*|overbilled|mischarg*", kB, 3.5}, {"charge|debit|transaction ..5 dont|not recogni*", kB, 2.5},
    {"unrecogni*|unknown|unexpected|unauthori*|suspicious|mystery charge|charges|payment|transaction|debit|fee", kB, 3.0}, {"what is|was this ..2 charge|fee|payment", kB, 2.5},
    {"why was|did|am|is|have|were ..6 charge|charged|charging|billed|bill|fee|debited", kB, 2.5}, {"hidden fee|fees|cost|costs|charges", kB, 2.5},
    {"fee|fees", kB, 1.7}, {"late fee|fees|payment", kB, 1.8}, {"deducted|debited|withdrawn", kB, 2.2}, {"taken from my|our account|card|bank", kB, 2.5},
    {"took ..4 from my|our account|card|bank|paypal", kB, 2.5}, {"surcharge*", kB, 2.2}, {"tariff|meter reading*", kB, 1.2}, {"exchange rate", kB, 1.5},
    {"wrong|incorrect|different|higher amount|price|total|rate", kB, 2.0}, {"higher than|then usual|last|expected|normal|agreed", kB, 1.8}, {"price increase*|hike|went up|gone up", kB, 2.5},
    {"discount ..5 not|wasnt|didnt ..2 appl*|deducted", kB, 2.0}, {"promo|coupon|discount|voucher code ..4 not|wasnt|didnt|doesnt|wont|invalid|rejected", kB, 1.6},
    {"missing discount", kB, 1.5}, {"prorat*", kB, 2.0}, {"pro rat*", kB, 2.0},
    // Paying
    {"payment|payments", kB, 1.7}, {"payment method|methods|option|options|plan|terms|details|information|confirmation", kB, 2.0}, {"pay ..3 by|with|via|using|in", kB, 1.6}, {"pay|paying", kB, 0.9},
    {"paid", kB, 0.6}, {"already|have paid", kB, 1.0}, {"payment|card|transaction|transfer ..4 declined|failed|rejected|refused|pending|unsuccessful|fails", kB, 2.6},
    {"declined|decline", kB, 1.5}, {"credit|debit card", kB, 1.6}, {"card details|number|expired|expires|expiry|on file", kB, 1.8}, {"new card", kB, 0.8},
    {"update|change|replace|remove|add ..4 card|payment|billing|bank|iban", kB, 2.5}, {"paypal|stripe|klarna|ach|sepa|iban", kB, 1.6}, {"apple pay", kB, 1.6}, {"google pay", kB, 1.6}, {"autopay", kB, 2.2}, {"direct debit*", kB, 2.2}, {"standing order", kB, 2.2}, {"auto pay", kB, 2.2}, {"bank transfer", kB, 2.2}, {"wire transfer", kB, 2.2},
    {"installment|installments|instalment|instalments|financing|monthly payments", kB, 1.8}, {"pay late|later|off", kB, 1.0}, {"bank|transaction|transactions", kB, 0.9}, {"currency", kB, 0.6},
    {"accounting|bookkeep*|accountant", kB, 1.5}, {"accounts payable", kB, 1.5}, {"finance department", kB, 1.5}, {"accounts team", kB, 1.5}, {"for my taxes", kB, 1.5}, {"deposit|deposits", kB, 1.0}, {"settle ..3 balance|bill|account|invoice", kB, 1.5},
    {"gratuity|tip", kB, 0.4}, {"top up ..4 fail*|not|charged", kB, 1.0}, {"cash withdrawal", kB, 1.0}, {"copay|deductible|premium ..3 went|increase*|payment", kB, 1.4},
    // Subscriptions
    {"subscription|subscriptions", kB, 1.4}, {"autorenew*|renewal", kB, 2.4}, {"auto renew*", kB, 2.4}, {"automatic renewal", kB, 2.4}, {"renew*", kB, 1.2}, {"renewed ..4 without", kB, 1.5}, {"cancel* ..5 subscription|membership|plan|trial|renewal|contract", kB, 2.4},
    {"stop|end|terminate ..4 subscription|membership|billing|charging|payments|plan", kB, 2.4}, {"downgrad*", kB, 1.8}, {"switch* ..4 annual|yearly|monthly|billing", kB, 2.0},
    {"annual|yearly|monthly billing|payment|charge|fee|bill|invoice", kB, 1.6}, {"free trial ..6 charged|billed|ended|cancel*", kB, 2.0}, {"still being|getting charged|billed", kB, 2.5}, {"pause ..3 subscription|membership|plan", kB, 1.8},
    {"cancelled|canceled ..8 charged|billed|charge", kB, 2.2}, {"keep|keeps charging|billing", kB, 2.5}, {"change ..3 plan", kB, 1.2}, {"seat|seats|licenses ..4 bill*|invoice|charged", kB, 1.2},
    {"charged|billed|invoiced ..6 seats|users|licenses|licences", kB, 1.5}, {"remove ..4 seats|licenses|licences", kB, 1.0},
    // Refunds and returns
    {"refund|refunds|refunded|refunding|refundable", kR, 3.6}, {"money back", kR, 4.0}, {"my|our|the money ..3 back", kR, 3.0}, {"reimburs*", kR, 3.5}, {"chargeback|chargebacks|charge back", kR, 3.0},
    {"compensat*", kR, 2.6}, {"get|want|have|need|give ..8 back", kR, 0.8}, {"pay|paid me back", kR, 3.0}, {"return|returning|returned", kR, 1.5}, {"returns", kR, 2.2}, {"like|want|wish|need|going|plan|hoping|able to return", kR, 2.6},
    {"return ..3 item|product|order|shoes|dress|it|them|this|these|package|purchase|unit|device|goods", kR, 1.8}, {"return label|labels|policy|form|address|window|authorization|authorisation|process|shipping|slip", kR, 2.6}, {"rma", kR, 2.5},
    {"how ..3 return", kR, 2.2}, {"send|sending|sent|ship|mail ..4 back", kR, 2.2}, {"send back", kR, 2.4}, {"bring|take ..3 back to ..3 store|shop", kR, 1.5}, {"credit my|me|our", kR, 1.8}, {"store credit", kR, 1.8},
    {"exchange ..6 size|color|colour|another|different|it|them|for", kR, 1.2}, {"dispute ..3 charge|payment|transaction", kR, 1.2}, {"reverse|reversal ..4 charge|payment|transaction|fee", kR, 1.8}, {"changed my mind", kR, 2.0}, {"no longer want|need", kR, 1.6},
    {"withdraw from ..3 contract|purchase", kR, 2.2}, {"right of withdrawal", kR, 3.0}, {"cooling off", kR, 2.2}, {"money ..4 returned", kR, 2.8}, {"return the|my money|payment|amount|fee|funds|deposit|charge|difference", kR, 3.0}, {"get|want ..6 what i paid", kR, 3.0},
    {"not as described|advertised|pictured", kR, 1.8}, {"doesnt|didnt|dont fit", kR, 1.6}, {"too small|big|large|tight", kR, 1.2}, {"partial|full|complete refund", kR, 1.0}, {"restocking", kR, 1.5}, {"unused|unopened|unworn", kR, 1.5}, {"tags", kR, 0.5},
    {"waive|waived", kB, 1.5}, {"refund ..8 invoice", kR, 0.4}, {"arrived|came|delivered|received ..3 broken|damaged|cracked|shattered|defective|faulty", kR, 1.2}, {"pick up the return", kR, 2.0},
    {"dont|not want|need|asking ..3 refund", kR, -3.2}, {"no refund", kR, -1.0}, {"return my|your|the|a call|email|calls|message", kR, -2.5}, {"happy returns", kR, -2.0}, {"tax return|returns", kR, -3.0}, {"return flight|trip|ticket|journey|visit", kR, -2.2},
    {"return to ..3 work|login|home|site", kR, -1.5}, {"returns ..2 error|null|empty|wrong|no|0*|4*|5*", kR, -3.0}, {"charge|charging ..3 battery|phone|device|cable|port|laptop|car|vehicle", kB, -2.0}, {"charging station|case|dock|cable", kB, -1.5},
    {"wont|not|doesnt|stopped|stops ?hold charge|charging", kB, -2.2}, {"in charge of", kB, -1.5}, {"free of charge", kB, -1.2}, {"pay attention", kB, -1.5}, {"fit|fits the bill", kB, -2.0}, {"bring back", kR, -0.5}, {"gift receipt", kR, 0.8}, {"receipt of", kB, -1.0},
    {"cancel ..4 order|booking|reservation|flight|appointment", kG, 1.6},
};

}  // namespace

std::span<const LexiconEntry> english_money_lexicon() { return kEntries; }

}  // namespace resolute::language
