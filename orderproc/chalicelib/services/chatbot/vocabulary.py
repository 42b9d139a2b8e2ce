"""The words of five languages that a question about orders is made of. Data, read by `understanding.py`.

Words stand as `plain` makes them: lower case, no accents. A concept's words are separated by commas; several words in a
row are a phrase. What a word means depends on the language (`bon` is a receipt in Dutch), hence one table for each."""

from __future__ import annotations

LANGUAGES = ("en", "nl", "de", "fr", "es")

FUNCTION_WORDS = {
    "en": (
        "the a an is my what where when how do does did i can you your it of to for and are was will would please have"
        " has not me which why much many with this that there from been they we be if or on at want tell know never"
        " older still yet could should it's im any about"
    ),
    "nl": (
        "de het een is mijn wat waar wanneer hoe kan ik je jij u uw jullie van voor naar en zijn was wil graag heb"
        " hebben"
        " heeft niet geen mij me waarom welke veel met op in te dat dit deze er aan bij nog al wel ook worden wordt"
        " toch"
    ),
    "de": (
        "der die das ein eine einen einer ist mein meine meiner meinen meinem was wo wann wie kann ich du sie ihr"
        " von fur"
        " zu nach und sind war will mochte bitte habe haben hat nicht kein keine mir mich warum wieso welche viel"
        " mit auf"
        " im in den dem dass dies diese es bei noch schon auch wird werden habt fuer moechte wurde wurden"
    ),
    "fr": (
        "le la les un une des du est mon ma mes ce que quoi ou quand comment puis peux je tu vous votre vos de pour et"
        " sont etait veux voudrais s il plait ai avez a pas ne moi pourquoi quel quelle quels combien avec sur dans"
        " en au"
        " aux cette elle encore deja sera c j qu n d l y"
    ),
    "es": (
        "el la los las un una unos es esta mi mis que donde cuando como puedo yo tu usted su sus de para y son era"
        " quiero"
        " quisiera por favor he ha han tengo no me porque cual cuales cuanto cuanta con en al del este esa lo le se"
        " ya aun"
        " todavia sera hay pasado habeis veces dos os muy"
    ),
}
"""Words that tell one language from another by their number."""

LETTERS = {"es": "ñ¿¡", "de": "äßü", "fr": "çœèêà"}
"""Letters that hardly any other of the languages has."""

# fmt: off
CONCEPTS: dict[str, dict[str, str]] = {
    "en": {
        "ORDER": "order, purchase, ordered",
        "ORDERS": "orders, purchases, order history, purchase history",
        "PARCEL": "package, packages, packet, parcel, parcels, shipment, shipments, box",
        "TRACK": "track, tracking, trace, tracked, follow",
        "ARRIVE": "arrive, arrives, arrived, arriving, deliver, delivered, delivery, ship, shipped, shipping, dispatch,"
                  " dispatched, receive, received, eta, get here, gets here, turn up, show up, lost, missing,"
                  " on its way, come",
        "WHERE": "where",
        "STATUS": "status, state, progress, happening, happened, update, stage, processed, processing, confirmed,"
                  " going on, go through, gone through, went through, ready, you receive, you received, you get,"
                  " complete,"
                  " completed, finished",
        "FAILED": "fail, failed, fails, declined, rejected, refused, error, go wrong, went wrong",
        "CANCEL": "cancel, cancelling, canceling, cancellation, cancelation, call off, stop my order, change my mind,"
                  " changed my mind, abort, undo",
        "CANCELLED": "cancelled, canceled",
        "RETURN": "order is wrong, wrong order, broken, damaged, defective, faulty, wrong size, wrong item,"
                  " wrong product, return, returning, returns, returned, send back, sending back, send it back,"
                  " send them back,"
                  " give back, bring back, exchange, swap, replacement",
        "REFUND": "my money, refund, refunds, refunded, refunding, money back, reimburse, reimbursement, reimbursed",
        "RECEIPT": "receipt, receipts, invoice, invoices, bill, proof of purchase",
        "RECENT": "recent, recently, latest, last, previous, past, history, lately",
        "SHOW": "show, list, see, view, display, overview, all, give",
        "THING": "items, item, products, product, articles, article",
        "ITEMS": "content, contents, what is in, what s in, what was in, what did i buy,"
                 " what did i order, what i ordered, what have i ordered, which items, what items, bought, inside,"
                 " contain, contains",
        "TOTAL": "total, cost, costs, price, how much, amount, sum",
        "CHANGE": "change, modify, edit, amend, add something",
        "PAID": "paid, did i pay, charged, you charge, i spend, i spent",
        "PAY": "pay, paying, payment, payments, paypal, credit card, card, ideal, klarna, visa, mastercard",
        "CONTACT": "charged twice, double charged, charged me twice, someone, contact, phone, telephone, call,"
                   " email, mail, address, human, agent, speak, talk, support,"
                   " customer service, opening hours, hours, complain, complaint, complaints",
        "HELP": "help, hello, hi, hey, thanks, thank, what can you, who are you, good morning, good evening",
        "DELIVERY": "how long does, do you deliver, do you ship, can you ship, shipping costs, shipping cost,"
                    " delivery costs, delivery time, delivery times, free shipping, is shipping, delivery cost",
        "OTHERS": "someone else, somebody else, another customer, other customer, other customers, all customers,"
                  " every customer, everyone, everybody, other people, anyone else, of customer, from customer,"
                  " for customer, another person, other person, other users, another user",
        "NOT": "not, no, never, without",
        "BUT": "but, instead, rather",
        "CAN": "can, could, possible, able, may",
        "WANT": "want, like, need, wish, please, how",
        "MY": "my, mine, our",
    },
    "nl": {
        "ORDER": "bestelling, order, aankoop",
        "ORDERS": "bestellingen, orders, aankopen, bestelgeschiedenis, bestelhistorie, besteloverzicht",
        "PARCEL": "pakket, pakketje, pakje, pakjes, pakketten, zending, doos",
        "TRACK": "volgen, volg, track, tracken, tracking, traceren, volgnummer, volgcode, trackingnummer",
        "ARRIVE": "aankomen, aangekomen, komt, aankomt, bezorgd, bezorgen, bezorging, geleverd, levering, leveren,"
                  " verzonden, verstuurd, verzending, onderweg, ontvangen, ontvang, kwijt, binnen",
        "WHERE": "waar",
        "STATUS": "status, stand, voortgang, hoe zit het, hoe staat het, verwerkt, bevestigd, gebeurt, gebeurd, klaar,"
                  " hebben jullie, heeft u, hebt u, hoe ver",
        "FAILED": "mislukt, geweigerd, afgewezen, mis gegaan, misgegaan, fout, niet gelukt",
        "CANCEL": "annuleren, annuleer, annulering, afzeggen, cancelen, intrekken, afbestellen, ongedaan maken",
        "CANCELLED": "geannuleerd, gecanceld",
        "RETURN": "kapot, beschadigd, defect, verkeerde maat, verkeerde artikel, retour, retourneren, retourneer,"
                  " terugsturen, terugbrengen, ruilen, omruilen, retouren, stuur terug,"
                  " terug sturen, terugzenden",
        "REFUND": "terugbetaling, terugbetaald, terugbetalen, geld terug, restitutie, terugkrijgen",
        "RECEIPT": "bon, bonnetje, kassabon, factuur, facturen, rekening, aankoopbewijs, nota",
        "RECENT": "recente, recent, laatste, vorige, eerdere, onlangs, afgelopen, geschiedenis",
        "SHOW": "toon, laat zien, zien, zie, bekijken, bekijk, overzicht, lijst, alle, geef",
        "THING": "artikelen, artikel, producten, product",
        "ITEMS": "inhoud, welke artikelen, welke producten, zit er in, zat er in, zit in, wat heb ik besteld,"
                 " wat ik heb besteld,"
                 " gekocht, spullen, bevat",
        "TOTAL": "totaal, totaalprijs, kost, kosten, prijs, hoeveel, bedrag, totaalbedrag",
        "CHANGE": "wijzigen, wijzig, aanpassen, veranderen",
        "PAID": "betaald, heb ik betaald",
        "PAY": "betalen, betaling, betaalmethode, betaalmethoden, betaal, ideal, paypal, creditcard, pinnen",
        "CONTACT": "twee keer betaald, twee keer afgeschreven, dubbel betaald, spreken, praten, contact, telefoon,"
                   " telefoonnummer, bellen, mailen, adres, medewerker, klantenservice,"
                   " openingstijden, klacht, mens",
        "HELP": "hulp, help, hallo, hoi, bedankt, dank je, goedemorgen, goedemiddag, wat kun je, wat kan je",
        "DELIVERY": "hoe lang duurt, levertijd, levertijden, verzendkosten, bezorgkosten, leveren jullie,"
                    " verzenden jullie, bezorgen jullie",
        "OTHERS": "iemand anders, andere klant, andere klanten, alle klanten, iedereen, van klant, een ander",
        "NOT": "niet, geen, nooit, zonder",
        "BUT": "maar, wel",
        "CAN": "kan, kun, kunnen, mag",
        "WANT": "wil, wilt, graag, zou, hoe",
        "MY": "mijn, onze",
    },
    "de": {
        "ORDER": "bestellung, auftrag, order, einkauf, bestellnummer",
        "ORDERS": "bestellungen, auftrage, orders, einkaufe, bestellverlauf, bestellhistorie, bestellubersicht",
        "PARCEL": "paket, packchen, pakete, sendung, sendungen, lieferung, packet, paeckchen",
        "TRACK": "verfolgen, verfolge, sendungsverfolgung, sendungsnummer, nachverfolgen, trackingnummer, tracking,"
                 " tracken, paketverfolgung, verfolgt",
        "ARRIVE": "ankommen, angekommen, kommt, ankunft, ankommt, geliefert, liefern, zugestellt, zustellung,"
                  " versendet,"
                  " versandt, verschickt, versand, unterwegs, erhalten, bekommen, verloren, eingetroffen, an kommt",
        "WHERE": "wo",
        "STATUS": "status, stand, fortschritt, bearbeitet, bearbeitung, bestatigt, ist los, passiert, zustand,"
                  " bestellstatus, fertig, habt ihr, haben sie, steht es",
        "FAILED": "fehlgeschlagen, gescheitert, abgelehnt, schief gegangen, schiefgegangen, fehler, nicht geklappt",
        "CANCEL": "stornieren, storniere, stornierung, abbestellen, absagen, widerrufen, abbrechen, storno",
        "CANCELLED": "storniert, abgesagt",
        "RETURN": "kaputt, beschadigt, defekt, falsche grosse, falscher artikel, falschen artikel, zuruckgeben,"
                  " zuruckschicken, zurucksenden, rucksendung, retoure, retournieren, ruckgabe, umtauschen,"
                  " umtausch, zuruck geben, zuruck schicken, gebe zuruck, schicke zuruck, zurueckgeben,"
                  " zurueckschicken, rueckgabe, zuruckzugeben",
        "REFUND": "erstattung, erstattet, erstatten, ruckerstattung, geld zuruck, ruckzahlung, rueckerstattung,"
                  " zuruckbekommen, zuruckerstattet, geld zurueck",
        "RECEIPT": "rechnung, rechnungen, quittung, beleg, kaufbeleg, kassenbon, bon",
        "RECENT": "letzten, letzte, kurzlich, neuesten, neueste, vergangenen, bisherigen, fruheren, jungsten, verlauf",
        "SHOW": "zeig, zeige, zeigen, zeigt, liste, ubersicht, alle, anzeigen, sehen",
        "THING": "artikel, produkte, produkt",
        "ITEMS": "inhalt, welche artikel, welche produkte, was ist in, was war in, ist drin, was habe ich bestellt,"
                 " was hab ich bestellt,"
                 " gekauft, enthalt, drin, sind in",
        "TOTAL": "gesamt, summe, kostet, kosten, preis, wie viel, wieviel, betrag, gesamtbetrag, gesamtsumme",
        "CHANGE": "andern, aendern, verandern",
        "PAID": "bezahlt, gezahlt",
        "PAY": "bezahlen, zahlen, zahlung, zahlungsart, zahlungsarten, zahlungsmethoden, paypal, kreditkarte,"
               " uberweisung, lastschrift",
        "CONTACT": "zweimal abgebucht, doppelt abgebucht, doppelt bezahlt, sprechen, reden, kontakt, telefon,"
                   " telefonnummer, anrufen, email, adresse, mitarbeiter, kundenservice, kundendienst,"
                   " offnungszeiten, beschwerde, mensch, menschen",
        "HELP": "hilfe, helfen, hallo, hi, danke, guten tag, guten morgen, was kannst du, moin",
        "DELIVERY": "wie lange dauert, lieferzeit, lieferzeiten, versandkosten, lieferkosten, liefert ihr, liefern sie,"
                    " versendet ihr",
        "OTHERS": "jemand anderes, jemand anderem, andere kunden, anderer kunden, anderen kunden, alle kunden,"
                  " aller kunden, allen kunden, von kunde, anderen kundin, eines anderen",
        "NOT": "nicht, kein, keine, keinen, nie, ohne",
        "BUT": "sondern, aber",
        "CAN": "kann, kannst, konnen, konnte, darf",
        "WANT": "will, mochte, wuerde, gerne, wollen, wie, moechte",
        "MY": "mein, meine, meiner, meinen, meinem, unsere",
    },
    "fr": {
        "ORDER": "commande, achat",
        "ORDERS": "commandes, achats, historique de commande",
        "PARCEL": "colis, paquet, envoi, paquets",
        "TRACK": "suivre, suivi, numero de suivi, tracer, tracking",
        "ARRIVE": "arrive, arrivee, arriver, arrivera, livre, livree, livraison, livrer, expedie, expediee, expedition,"
                  " envoye, envoyee, recevoir, recevrai, recu, perdu, en route, retard",
        "WHERE": "ou",
        "STATUS": "statut, etat, avancement, ou en est, en est, confirmee, traitee, traitement, se passe, prete,"
                  " avez vous",
        "FAILED": "echoue, echouee, echec, refuse, refusee, refus, erreur",
        "CANCEL": "annuler, annulation, annulez, annulons",
        "CANCELLED": "annule, annulee, annulees",
        "RETURN": "casse, cassee, endommage, endommagee, defectueux, mauvaise taille, retour, retourner, retours,"
                  " renvoyer, rendre, echanger, echange, renvoi",
        "REFUND": "rembourse, remboursee, rembourser, remboursement, recuperer mon argent, remboursements",
        "RECEIPT": "facture, factures, ticket, mon recu, le recu, un recu, recu de paiement, justificatif",
        "RECENT": "recentes, recents, dernieres, derniere, dernier, recente, precedentes, historique, recemment",
        "SHOW": "montre, montrez, montrer, affiche, affichez, afficher, liste, voir, toutes, donne, donnez",
        "THING": "articles, article, produits, produit",
        "ITEMS": "contenu, quels articles, quels produits, contient, y a t il dans, dans ma commande, ai je commande,"
                 " que j ai commande, achete, dedans",
        "TOTAL": "total, coute, cout, prix, combien, montant",
        "CHANGE": "modifier, changer",
        "PAID": "paye, ai je paye, j ai paye",
        "PAY": "payer, paiement, paypal, carte, virement, moyens de paiement",
        "CONTACT": "debite deux fois, paye deux fois, parler, contact, contacter, telephone, appeler, adresse,"
                   " conseiller, service client, horaires, humain,"
                   " joindre, mail, email, reclamation",
        "HELP": "aide, aider, bonjour, salut, merci, bonsoir, que peux tu, que pouvez vous",
        "DELIVERY": "delai de livraison, delais, frais de livraison, frais de port, livrez vous, combien de temps",
        "OTHERS": "autre client, autres clients, quelqu un d autre, tous les clients, du client, un autre",
        "NOT": "pas, sans, jamais",
        "BUT": "mais, plutot",
        "CAN": "peux, puis, peut, pouvez, pourrais, possible",
        "WANT": "veux, voudrais, souhaite, aimerais, veut, comment",
        "MY": "mon, ma, mes, notre, nos",
    },
    "es": {
        "ORDER": "pedido, compra, orden",
        "ORDERS": "pedidos, compras, ordenes, historial de pedidos",
        "PARCEL": "paquete, paquetes, envio, envios",
        "TRACK": "rastrear, rastreo, seguir, seguimiento, sigo, localizar, tracking, rastreo",
        "ARRIVE": "llega, llegar, llegado, llegara, entrega, entregado, entregar, entregara, enviado, enviada, enviar,"
                  " recibir, recibido, recibire, perdido, camino, llego",
        "WHERE": "donde",
        "STATUS": "estado, estatus, progreso, que pasa, que ha pasado, confirmado, procesado, situacion, listo,"
                  " han recibido",
        "FAILED": "fallado, fallo, fallido, rechazado, rechazada, error",
        "CANCEL": "cancelar, cancelo, cancelacion, anular, anulo, anulacion, cancelarlo, cancela, cancele",
        "CANCELLED": "cancelado, cancelada, anulado, anulada",
        "RETURN": "roto, rota, danado, danada, defectuoso, talla equivocada, devolver, devolucion, devuelvo,"
                  " devoluciones, cambiar, cambio, devolverlo",
        "REFUND": "reembolso, reembolsar, reembolsado, devolucion del dinero, mi dinero, dinero de vuelta",
        "RECEIPT": "factura, facturas, recibo, recibos, ticket, comprobante",
        "RECENT": "recientes, reciente, ultimos, ultimo, ultimas, ultima, anteriores, historial, recientemente",
        "SHOW": "muestra, muestrame, mostrar, ensename, ver, lista, listado, todos, todas, dame, mostrarme",
        "THING": "articulos, articulo, productos, producto",
        "ITEMS": "contenido, que articulos, que productos, contiene, que hay en, que habia en, que pedi,"
                 " que he pedido, comprado, incluye",
        "TOTAL": "total, cuesta, costo, coste, precio, cuanto, importe",
        "CHANGE": "modificar, editar, cambiar la direccion, cambiar mi direccion",
        "PAID": "pagado, pague, he pagado",
        "PAY": "pagar, pago, pagos, paypal, tarjeta, transferencia, metodos de pago",
        "CONTACT": "cobrado dos veces, pagado dos veces, hablar, contacto, contactar, telefono, llamar, direccion,"
                   " atencion al cliente, horario, horarios, persona,"
                   " humano, correo, queja",
        "HELP": "ayuda, ayudar, hola, gracias, buenos dias, buenas tardes, que puedes",
        "DELIVERY": "cuanto tarda, gastos de envio, costes de envio, plazo de entrega, hacen envios, envian a",
        "OTHERS": "otro cliente, otros clientes, otra persona, todos los clientes, del cliente, de cliente",
        "NOT": "no, sin, nunca",
        "BUT": "sino, pero",
        "CAN": "puedo, puede, pueden, podria, podeis",
        "WANT": "quiero, quisiera, gustaria, deseo, como",
        "MY": "mi, mis, nuestro",
    },
}
# fmt: on
