"""What the chatbot says in English. The other languages have the same keys and places."""

WORDS = {
    "order": "Order {id} of {placed}: {words} (status: {status}, since {since}).",
    "words.PENDING": "we have received it and start working on it in a moment",
    "words.VALIDATING": "we are checking products and prices",
    "words.INVENTORY_CHECK": "we are checking our stock for your items",
    "words.PAYMENT_PROCESSING": "your items are set aside and we are taking the payment",
    "words.CONFIRMED": "it is paid, and our staff will ship it soon",
    "words.FULFILLMENT": "it is paid and being packed",
    "words.COMPLETED": "it is paid and ready for shipping",
    "words.PARTLY_SHIPPED": "a part of it has been shipped",
    "words.SHIPPED": "it has been shipped",
    "words.DELIVERED": "it has been delivered",
    "words.LOST": "a parcel of it was lost on the way; we are sorry",
    "words.FAILED": "we could not complete it; we are sorry",
    "words.CANCELLED": "it was cancelled",
    "words.REFUNDED": "it was called off and refunded",
    "label.PENDING": "received",
    "label.VALIDATING": "being checked",
    "label.INVENTORY_CHECK": "stock being checked",
    "label.PAYMENT_PROCESSING": "payment in progress",
    "label.CONFIRMED": "paid, will be shipped",
    "label.FULFILLMENT": "being packed",
    "label.COMPLETED": "ready for shipping",
    "label.PARTLY_SHIPPED": "partly shipped",
    "label.SHIPPED": "shipped",
    "label.DELIVERED": "delivered",
    "label.LOST": "parcel lost",
    "label.FAILED": "failed",
    "label.CANCELLED": "cancelled",
    "label.REFUNDED": "refunded",
    "next.WORKING": "This seldom takes more than a minute; then we send you an e-mail.",
    "next.TO_SHIP": "As soon as it is shipped, you get an e-mail with the tracking number.",
    "next.SHIPPED": "With the tracking number you can follow it on the carrier's website.",
    "next.DELIVERED": "If you can not find it, please ask your neighbours, and then us. {contact}",
    "next.LOST": "Please tell us whether you would like the items again or your money back. {contact}",
    "next.NEVER": "It will not be shipped.",
    "parcel.SHIPPED": "{carrier}, tracking number {number}: on its way since {at}.",
    "parcel.DELIVERED": "{carrier}, tracking number {number}: delivered on {at}.",
    "parcel.LOST": "{carrier}, tracking number {number}: reported lost on {at}.",
    "left": "Not shipped yet, number of items: {count}.",
    "money.refunded": "Refunded: {refunded}. Banks take up to ten days to show it in your account.",
    "money.owed": "We are refunding {owed}. Banks take up to ten days to show it in your account.",
    "money.none": "You owe us nothing. Should your bank show a payment for it, you get it back by itself.",
    "failure.INVALID_ORDER": "It reached us incomplete or with something wrong in it. Please order again.",
    "failure.PRODUCT_NOT_FOUND": "A product in it is no longer in our shop. You can order the other items again.",
    "failure.PRICE_MISMATCH": "The price of a product had changed. Please check today's price and order again.",
    "failure.OUT_OF_STOCK": "Something in it was out of stock. You can order less of it, or try again in a few days.",
    "failure.CARD_DECLINED": "Your bank declined the payment. Please order again with another card.",
    "failure.INSUFFICIENT_FUNDS": "Your bank declined the payment because there was not enough money in the account.",
    "failure.PAYMENT_UNAVAILABLE": "We could not reach our payment provider. Please order again in a little while.",
    "failure.EXPIRED": "We could not complete it in time. Please order again in a little while.",
    "failure.OTHER": "Something went wrong on our side. Please order again in a little while.",
    "items": "Order {id} of {placed} (status: {status}, {label}): {items}. Total: {total}.",
    "items.more": "and more, {count} in all",
    "cancel.possible": (
        "Yes, order {id} can still be cancelled (status: {status}), as long as nothing of it is shipped. Cancel it "
        "{shop} under your orders, or ask us to. What you have paid you get back."
    ),
    "cancel.SHIPPED": (
        "Order {id} can not be cancelled any more, because it has been shipped (status: {status}). You can return "
        "it. {contact}"
    ),
    "cancel.CANCELLED": "Order {id} is already cancelled (status: {status}).",
    "cancel.REFUNDED": "Order {id} is already called off and refunded (status: {status}).",
    "cancel.FAILED": "Order {id} could not be completed (status: {status}), so there is nothing to cancel.",
    "cancel.general": (
        "You can cancel an order as long as nothing of it is shipped: {shop} under your orders, or by asking us. "
        "After that you can return it. {contact}"
    ),
    "return.SHIPPED": (
        "To return something of order {id} (status: {status}), please tell us the order's number and what you want "
        "to send back; we refund it once we have it. {contact}"
    ),
    "return.TO_SHIP": (
        "Order {id} has not been shipped yet (status: {status}): you need not return it, but can cancel it {shop} "
        "under your orders, or by asking us. You get {total} back if you have paid already."
    ),
    "return.over": "Nothing is to be sent back for order {id} (status: {status}: {label}).",
    "return.general": (
        "To return something, please tell us the order's number and what you want to send back; we refund it once "
        "we have it. What is not shipped yet you can simply cancel. {contact}"
    ),
    "track.general": (
        "As soon as an order is shipped, you get an e-mail with the carrier and the tracking number, with which you"
        " can follow it on the carrier's website. Or tell me the order's number, and I look for you."
    ),
    "receipt.there": (
        "The receipt of order {id} (total: {total}) came with your confirmation e-mail. You also find it {shop} "
        "under your orders."
    ),
    "receipt.later": (
        "There is no receipt for order {id} yet (status: {status}, {label}). You get it by e-mail as soon as the "
        "order is confirmed."
    ),
    "receipt.never": "There is no receipt for order {id} (status: {status}, {label}).",
    "receipt.general": (
        "The receipt comes with the confirmation e-mail of an order, and you find it {shop} under your orders. Tell"
        " me the order's number, and I look whether it has one."
    ),
    "recent.title": "Recent orders, newest first:",
    "recent.line": "- {id}, {day}: {label} ({status}), {total}",
    "recent.none": "I find no orders here.",
    "recent.whose": (
        "To show recent orders I need to know whose: please send the customerId along. Or tell me the number of an "
        "order."
    ),
    "which": "Which order do you mean? Please tell me its number; it is in the e-mails about it.",
    "latest": "If you mean another order, please tell me its number.",
    "not_found": (
        "I find no such order among yours. Please check the number, best as a whole; it is in the e-mails about the"
        " order. {contact}"
    ),
    "not_found.too": "Another order that you named I do not find among yours; please check its number.",
    "not_found.recent": (
        "I find no such order among the latest {count} of yours. For an older one please give the whole number; it is"
        " in the e-mails about the order. {contact}"
    ),
    "general": "I can only give information about orders, and can not change anything. {contact}",
    "unknown": "I am afraid I can not help with that.",
    "help": (
        "I am the assistant of {name} and can tell you about your own orders: status, items and total, tracking, "
        "cancelling, returns and refunds, the receipt, and your recent orders. Just ask, best with the order's "
        "number."
    ),
    "contact": "You reach us at {url}.",
    "contact.none": "Please contact {name}.",
    "shop": "in our shop ({url})",
    "shop.none": "in our shop",
}
