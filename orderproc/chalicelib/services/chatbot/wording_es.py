"""What the chatbot says in Spanish: the keys and places of `wording_en.py`."""

WORDS = {
    "order": "Pedido {id} del {placed}: {words} (estado: {status}, desde {since}).",
    "words.PENDING": "lo hemos recibido y enseguida lo tramitamos",
    "words.VALIDATING": "estamos comprobando productos y precios",
    "words.INVENTORY_CHECK": "estamos comprobando nuestras existencias",
    "words.PAYMENT_PROCESSING": "tus artículos están reservados y estamos cobrando el pago",
    "words.CONFIRMED": "está pagado y lo enviaremos pronto",
    "words.FULFILLMENT": "está pagado y se está preparando",
    "words.COMPLETED": "está pagado y listo para el envío",
    "words.PARTLY_SHIPPED": "una parte ya se ha enviado",
    "words.SHIPPED": "se ha enviado",
    "words.DELIVERED": "se ha entregado",
    "words.LOST": "un paquete se ha perdido por el camino; lo sentimos",
    "words.FAILED": "no hemos podido completarlo; lo sentimos",
    "words.CANCELLED": "se ha cancelado",
    "words.REFUNDED": "se ha revocado y reembolsado",
    "label.PENDING": "recibido",
    "label.VALIDATING": "en comprobación",
    "label.INVENTORY_CHECK": "comprobando existencias",
    "label.PAYMENT_PROCESSING": "pago en curso",
    "label.CONFIRMED": "pagado, se enviará",
    "label.FULFILLMENT": "en preparación",
    "label.COMPLETED": "listo para el envío",
    "label.PARTLY_SHIPPED": "enviado en parte",
    "label.SHIPPED": "enviado",
    "label.DELIVERED": "entregado",
    "label.LOST": "paquete perdido",
    "label.FAILED": "fallido",
    "label.CANCELLED": "cancelado",
    "label.REFUNDED": "reembolsado",
    "next.WORKING": "Rara vez tarda más de un minuto; después recibirás un correo.",
    "next.TO_SHIP": "En cuanto se envíe, recibirás un correo con el número de seguimiento.",
    "next.SHIPPED": "Con el número de seguimiento puedes seguirlo en la web del transportista.",
    "next.DELIVERED": "Si no encuentras el paquete, pregunta a tus vecinos y después a nosotros. {contact}",
    "next.LOST": "Dinos si quieres recibir los artículos de nuevo o que te devolvamos el dinero. {contact}",
    "next.NEVER": "No se enviará.",
    "parcel.SHIPPED": "{carrier}, número de seguimiento {number}: en camino desde {at}.",
    "parcel.DELIVERED": "{carrier}, número de seguimiento {number}: entregado el {at}.",
    "parcel.LOST": "{carrier}, número de seguimiento {number}: dado por perdido el {at}.",
    "left": "Aún sin enviar, número de artículos: {count}.",
    "money.refunded": "Reembolsado: {refunded}. Tu banco puede tardar diez días en mostrarlo.",
    "money.owed": "Te estamos reembolsando {owed}. Tu banco puede tardar diez días en mostrarlo.",
    "money.none": "No nos debes nada. Si tu banco muestra algún cobro, se te devuelve por sí solo.",
    "failure.INVALID_ORDER": "Nos llegó incompleto o con algún error. Por favor, haz el pedido de nuevo.",
    "failure.PRODUCT_NOT_FOUND": "Un producto ya no está en nuestra tienda. Puedes pedir lo demás de nuevo.",
    "failure.PRICE_MISMATCH": (
        "El precio de un producto había cambiado. Comprueba el precio de hoy y pídelo de nuevo."
    ),
    "failure.OUT_OF_STOCK": "Algo estaba agotado. Pide menos cantidad o inténtalo dentro de unos días.",
    "failure.CARD_DECLINED": "Tu banco rechazó el pago. Por favor, haz el pedido de nuevo con otra tarjeta.",
    "failure.INSUFFICIENT_FUNDS": "Tu banco rechazó el pago porque no había fondos suficientes en la cuenta.",
    "failure.PAYMENT_UNAVAILABLE": "No pudimos contactar con el servicio de pago. Haz el pedido de nuevo en un rato.",
    "failure.EXPIRED": "No pudimos completarlo a tiempo. Haz el pedido de nuevo dentro de un rato.",
    "failure.OTHER": "Algo falló por nuestra parte. Haz el pedido de nuevo dentro de un rato.",
    "items": "Pedido {id} del {placed} (estado: {status}, {label}): {items}. Total: {total}.",
    "items.more": "y más, {count} en total",
    "cancel.possible": (
        "Sí, el pedido {id} aún se puede cancelar (estado: {status}), mientras no se haya enviado nada. Cancélalo "
        "{shop}, en tus pedidos, o pídenoslo. Lo que hayas pagado se te devuelve."
    ),
    "cancel.SHIPPED": (
        "El pedido {id} ya no se puede cancelar, porque se ha enviado (estado: {status}). Puedes devolverlo. {contact}"
    ),
    "cancel.CANCELLED": "El pedido {id} ya está cancelado (estado: {status}).",
    "cancel.REFUNDED": "El pedido {id} ya está revocado y reembolsado (estado: {status}).",
    "cancel.FAILED": "El pedido {id} no se pudo completar (estado: {status}), así que no hay nada que cancelar.",
    "cancel.general": (
        "Puedes cancelar un pedido mientras no se haya enviado nada: {shop}, en tus pedidos, o pidiéndonoslo. "
        "Después puedes devolverlo. {contact}"
    ),
    "return.SHIPPED": (
        "Para devolver algo del pedido {id} (estado: {status}), indícanos su número y lo que quieres devolver; te "
        "lo reembolsamos en cuanto lo tengamos. {contact}"
    ),
    "return.TO_SHIP": (
        "El pedido {id} aún no se ha enviado (estado: {status}): no hace falta devolver nada, puedes cancelarlo "
        "{shop}, en tus pedidos, o pidiéndonoslo. Si ya has pagado, se te devuelven {total}."
    ),
    "return.over": "No hay nada que devolver del pedido {id} (estado: {status}: {label}).",
    "return.general": (
        "Para devolver algo, indícanos el número del pedido y lo que quieres devolver; te lo reembolsamos en cuanto"
        " lo tengamos. Lo que aún no se ha enviado se puede cancelar sin más. {contact}"
    ),
    "track.general": (
        "En cuanto se envía un pedido, recibes un correo con el transportista y el número de seguimiento, con el "
        "que puedes seguirlo en la web del transportista. O dime el número del pedido y lo miro."
    ),
    "receipt.there": (
        "El recibo del pedido {id} (total: {total}) iba en tu correo de confirmación. También lo encuentras {shop},"
        " en tus pedidos."
    ),
    "receipt.later": (
        "Aún no hay recibo del pedido {id} (estado: {status}, {label}). Lo recibirás por correo en cuanto se "
        "confirme el pedido."
    ),
    "receipt.never": "No hay recibo del pedido {id} (estado: {status}, {label}).",
    "receipt.general": (
        "El recibo llega con el correo de confirmación de un pedido, y lo encuentras {shop}, en tus pedidos. Dime "
        "el número del pedido y miro si hay uno."
    ),
    "recent.title": "Pedidos recientes, primero el más nuevo:",
    "recent.line": "- {id}, {day}: {label} ({status}), {total}",
    "recent.none": "No encuentro ningún pedido aquí.",
    "recent.whose": (
        "Para mostrar pedidos recientes necesito saber de quién: envía también el customerId. O dime el número de "
        "un pedido."
    ),
    "which": "¿A qué pedido te refieres? Dime su número; está en los correos sobre él.",
    "latest": "Si te refieres a otro pedido, dime su número.",
    "not_found": (
        "No encuentro ese pedido entre los tuyos. Comprueba el número, mejor entero; está en los correos sobre el "
        "pedido. {contact}"
    ),
    "not_found.too": "No encuentro entre los tuyos otro pedido que has nombrado; comprueba su número.",
    "not_found.recent": (
        "No encuentro ese pedido entre tus últimos {count}. Para uno más antiguo, indica el número entero; está en los "
        "correos sobre el pedido. {contact}"
    ),
    "general": "Solo puedo informar sobre pedidos, y no cambiar nada. {contact}",
    "unknown": "Por desgracia no puedo ayudarte con eso.",
    "help": (
        "Soy el asistente de {name} y puedo informarte sobre tus propios pedidos: estado, artículos y total, "
        "seguimiento, cancelación, devoluciones y reembolsos, recibo y tus pedidos recientes. Pregunta, mejor con "
        "el número del pedido."
    ),
    "contact": "Puedes contactarnos en {url}.",
    "contact.none": "Ponte en contacto con {name}.",
    "shop": "en nuestra tienda ({url})",
    "shop.none": "en nuestra tienda",
}
