"""What the chatbot says in French: the keys and places of `wording_en.py`."""

WORDS = {
    "order": "Commande {id} du {placed} : {words} (statut : {status}, depuis le {since}).",
    "words.PENDING": "nous l'avons reçue et allons la traiter dans un instant",
    "words.VALIDATING": "nous vérifions les produits et les prix",
    "words.INVENTORY_CHECK": "nous vérifions notre stock",
    "words.PAYMENT_PROCESSING": "vos articles sont réservés et nous encaissons le paiement",
    "words.CONFIRMED": "elle est payée et sera bientôt expédiée",
    "words.FULFILLMENT": "elle est payée et en cours d'emballage",
    "words.COMPLETED": "elle est payée et prête à être expédiée",
    "words.PARTLY_SHIPPED": "une partie a été expédiée",
    "words.SHIPPED": "elle a été expédiée",
    "words.DELIVERED": "elle a été livrée",
    "words.LOST": "un de ses colis s'est perdu en route ; nous en sommes désolés",
    "words.FAILED": "nous n'avons pas pu la mener à bien ; nous en sommes désolés",
    "words.CANCELLED": "elle a été annulée",
    "words.REFUNDED": "elle a été révoquée et remboursée",
    "label.PENDING": "reçue",
    "label.VALIDATING": "en cours de vérification",
    "label.INVENTORY_CHECK": "stock en cours de vérification",
    "label.PAYMENT_PROCESSING": "paiement en cours",
    "label.CONFIRMED": "payée, sera expédiée",
    "label.FULFILLMENT": "en cours d'emballage",
    "label.COMPLETED": "prête à être expédiée",
    "label.PARTLY_SHIPPED": "expédiée en partie",
    "label.SHIPPED": "expédiée",
    "label.DELIVERED": "livrée",
    "label.LOST": "colis perdu",
    "label.FAILED": "échouée",
    "label.CANCELLED": "annulée",
    "label.REFUNDED": "remboursée",
    "next.WORKING": "Cela dure rarement plus d'une minute ; ensuite vous recevez un e-mail.",
    "next.TO_SHIP": "Dès qu'elle sera expédiée, vous recevrez un e-mail avec le numéro de suivi.",
    "next.SHIPPED": "Avec le numéro de suivi, vous pouvez la suivre sur le site du transporteur.",
    "next.DELIVERED": "Si vous ne trouvez pas le colis, demandez à vos voisins, puis à nous. {contact}",
    "next.LOST": "Dites-nous si vous souhaitez recevoir les articles à nouveau ou être remboursé. {contact}",
    "next.NEVER": "Elle ne sera pas expédiée.",
    "parcel.SHIPPED": "{carrier}, numéro de suivi {number} : en route depuis le {at}.",
    "parcel.DELIVERED": "{carrier}, numéro de suivi {number} : livré le {at}.",
    "parcel.LOST": "{carrier}, numéro de suivi {number} : déclaré perdu le {at}.",
    "left": "Pas encore expédié, nombre d'articles : {count}.",
    "money.refunded": "Remboursé : {refunded}. Votre banque peut mettre dix jours à l'afficher.",
    "money.owed": "Nous vous remboursons {owed}. Votre banque peut mettre dix jours à l'afficher.",
    "money.none": (
        "Vous ne nous devez rien. Si votre banque affiche tout de même un paiement, il vous sera rendu automatiquement."
    ),
    "failure.INVALID_ORDER": "Elle nous est parvenue incomplète ou avec une erreur. Merci de commander à nouveau.",
    "failure.PRODUCT_NOT_FOUND": "Un de ses produits n'est plus en vente. Vous pouvez commander le reste à nouveau.",
    "failure.PRICE_MISMATCH": "Le prix d'un produit avait changé. Vérifiez le prix du jour et commandez à nouveau.",
    "failure.OUT_OF_STOCK": (
        "Un de ses produits était en rupture de stock. Commandez-en moins ou réessayez dans quelques jours."
    ),
    "failure.CARD_DECLINED": "Votre banque a refusé le paiement. Merci de commander à nouveau avec une autre carte.",
    "failure.INSUFFICIENT_FUNDS": "Votre banque a refusé le paiement, faute de provision sur le compte.",
    "failure.PAYMENT_UNAVAILABLE": (
        "Notre prestataire de paiement était injoignable. Merci de commander à nouveau dans un moment."
    ),
    "failure.EXPIRED": "Nous n'avons pas pu la traiter à temps. Merci de commander à nouveau dans un moment.",
    "failure.OTHER": "Une erreur s'est produite chez nous. Merci de commander à nouveau dans un moment.",
    "items": "Commande {id} du {placed} (statut : {status}, {label}) : {items}. Total : {total}.",
    "items.more": "et d'autres, {count} au total",
    "cancel.possible": (
        "Oui, la commande {id} peut encore être annulée (statut : {status}), tant que rien n'est expédié. "
        "Annulez-la {shop}, dans vos commandes, ou demandez-le-nous. Ce que vous avez payé vous sera remboursé."
    ),
    "cancel.SHIPPED": (
        "La commande {id} ne peut plus être annulée, car elle a été expédiée (statut : {status}). Vous pouvez la "
        "retourner. {contact}"
    ),
    "cancel.CANCELLED": "La commande {id} est déjà annulée (statut : {status}).",
    "cancel.REFUNDED": "La commande {id} est déjà révoquée et remboursée (statut : {status}).",
    "cancel.FAILED": "La commande {id} n'a pas pu aboutir (statut : {status}) ; il n'y a donc rien à annuler.",
    "cancel.general": (
        "Vous pouvez annuler une commande tant que rien n'est expédié : {shop}, dans vos commandes, ou en nous le "
        "demandant. Ensuite vous pouvez la retourner. {contact}"
    ),
    "return.SHIPPED": (
        "Pour retourner quelque chose de la commande {id} (statut : {status}), indiquez-nous son numéro et ce que "
        "vous souhaitez renvoyer ; nous le remboursons dès réception. {contact}"
    ),
    "return.TO_SHIP": (
        "La commande {id} n'est pas encore expédiée (statut : {status}) : inutile de renvoyer quoi que ce soit, "
        "vous pouvez l'annuler {shop}, dans vos commandes, ou en nous le demandant. Si vous avez déjà payé, {total}"
        " vous seront remboursés."
    ),
    "return.over": "Il n'y a rien à renvoyer pour la commande {id} (statut : {status} : {label}).",
    "return.general": (
        "Pour retourner quelque chose, indiquez-nous le numéro de la commande et ce que vous souhaitez renvoyer ; "
        "nous le remboursons dès réception. Ce qui n'est pas encore expédié peut simplement être annulé. {contact}"
    ),
    "track.general": (
        "Dès qu'une commande est expédiée, vous recevez un e-mail avec le transporteur et le numéro de suivi, qui "
        "permet de la suivre sur le site du transporteur. Ou donnez-moi le numéro de la commande, et je regarde."
    ),
    "receipt.there": (
        "Le reçu de la commande {id} (total : {total}) était joint à votre e-mail de confirmation. Vous le trouvez "
        "aussi {shop}, dans vos commandes."
    ),
    "receipt.later": (
        "Il n'y a pas encore de reçu pour la commande {id} (statut : {status}, {label}). Vous le recevrez par "
        "e-mail dès que la commande sera confirmée."
    ),
    "receipt.never": "Il n'y a pas de reçu pour la commande {id} (statut : {status}, {label}).",
    "receipt.general": (
        "Le reçu est joint à l'e-mail de confirmation d'une commande, et vous le trouvez {shop}, dans vos "
        "commandes. Donnez-moi le numéro de la commande, et je regarde s'il y en a un."
    ),
    "recent.title": "Commandes récentes, de la plus récente à la plus ancienne :",
    "recent.line": "- {id}, {day} : {label} ({status}), {total}",
    "recent.none": "Je ne trouve aucune commande ici.",
    "recent.whose": (
        "Pour montrer des commandes récentes, je dois savoir de qui : envoyez aussi le customerId. Ou donnez-moi le"
        " numéro d'une commande."
    ),
    "which": "De quelle commande parlez-vous ? Donnez-moi son numéro ; il figure dans les e-mails à son sujet.",
    "latest": "Si vous parlez d'une autre commande, donnez-moi son numéro.",
    "not_found": (
        "Je ne trouve pas cette commande parmi les vôtres. Vérifiez le numéro, de préférence en entier ; il figure "
        "dans les e-mails à son sujet. {contact}"
    ),
    "not_found.too": "Je ne trouve pas parmi les vôtres une autre commande que vous citez ; vérifiez son numéro.",
    "not_found.recent": (
        "Je ne trouve pas cette commande parmi vos {count} dernières. Pour une plus ancienne, indiquez le numéro en "
        "entier ; il figure dans les e-mails à son sujet. {contact}"
    ),
    "general": "Je ne peux que renseigner sur les commandes, et ne rien modifier. {contact}",
    "unknown": "Je ne peux malheureusement pas vous aider sur ce point.",
    "help": (
        "Je suis l'assistant de {name} et je peux vous renseigner sur vos propres commandes : statut, articles et "
        "total, suivi, annulation, retour et remboursement, reçu, et vos commandes récentes. Posez votre question, "
        "de préférence avec le numéro de la commande."
    ),
    "contact": "Vous pouvez nous joindre sur {url}.",
    "contact.none": "Merci de contacter {name}.",
    "shop": "dans notre boutique ({url})",
    "shop.none": "dans notre boutique",
}
