"""What personal data and what opens doors looks like in a text, for logs and for what staff look at: regular
expressions."""

PERSONAL = (
    r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}(?:@|%40)[\w-]+(?:\.[\w-]+)+"  # an e-mail address, in a URL, too
    r"|\+[1-9](?:[ ().-]{0,2}[0-9]){6,14}"  # E.164, also as people write it
)
OPENS_DOORS = (
    r"\beyJ[\w-]{10,}(?:\.[\w-]+)*"  # a JSON Web Token
    r"|\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC) [\w.~+/=-]{8,}"
    r"|\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|[156])\$[\w.,/+=$-]{8,}"  # a password's hash
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*"
    r"|\b(?:[rs]k|whsec)_\w{8,}"  # keys of payment providers
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # keys of AWS
    r"|(?<=/feedback/)[\w-]{20,}"  # whoever has the link may answer
    r"|(?<=X-Amz-Signature=)\w+|(?<=X-Amz-Security-Token=)[\w%+/=-]+|(?<=X-Amz-Credential=)[\w%/.-]+"
)
