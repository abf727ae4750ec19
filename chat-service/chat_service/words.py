"""The words by which a question is understood, in the languages that shoppers ask in most."""

import re

CURRENCIES = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD", "dólares": "USD", "usd": "USD",
    "£": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "pfund": "GBP", "gbp": "GBP",
    "¥": "JPY", "yen": "JPY", "jpy": "JPY",
    "franken": "CHF", "francs": "CHF",
    "kr": "SEK", "kronor": "SEK", "zł": "PLN", "zloty": "PLN", "\u20b9": "INR", "rupees": "INR", "dinar": "KWD",
    # Codes that are everyday words too (PEN, MAD, TRY) are left out: a pen is no amount.
    **{
        code.lower(): code
        for code in ["AED", "AUD", "BGN", "BHD", "BRL", "CAD", "CHF", "CLP", "CNY", "CZK", "DKK", "EGP", "GBP", "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JOD", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "OMR", "PLN", "QAR", "RON", "RSD", "SAR", "SEK", "SGD", "THB", "TND", "TWD", "UAH", "VND", "ZAR"]
    },
}  # fmt: skip

THREE_DIGITS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})  # ISO 4217: thousandths

AT_MOST = (
    "at most|no more than|not more than|not over|not above|nothing over|nothing above|up to|max(?:imum)?(?: of)?|within"
    "|budget (?:of|is)|<=|bis(?: zu)?|höchstens|maximal|nicht mehr als|jusqu'?[àa]|au plus|maximum|hasta|como máximo"
    "|fino a|al massimo|hoogstens|tot|até|no máximo"
)
BELOW = (
    "under|below|less than|cheaper than|lower than|for less than|<|unter|weniger als|günstiger als|billiger als"
    "|moins de|moins cher que|sous|en dessous de|menos de|por debajo de|meno di|sotto(?: i)?|onder|minder dan|abaixo de"
)
AT_LEAST = (
    "at least|no less than|not less than|not under|not below|starting (?:at|from)|from|min(?:imum)?(?: of)?|>="
    "|ab|mindestens|au moins|à partir de|al menos|desde|almeno|a partire da|minstens|vanaf|pelo menos|a partir de"
)
ABOVE = (
    "over|above|more than|higher than|dearer than|more expensive than|beyond|>|über|mehr als|teurer als"
    "|plus de|plus cher que|au-dessus de|más de|más caro que|por encima de|più di|oltre|sopra(?: i)?|boven|meer dan"
    "|mais de|acima de"
)
AROUND = "around|about|roughly|approximately|circa|ungefähr|rund|etwa|environ|alrededor de|circa|ongeveer|cerca de"
EXACTLY = "exactly|genau|exactement|exactamente|esattamente|precies|exatamente|="
BETWEEN = "between|from|zwischen|von|entre|de|tra|fra|da|tussen|van"
AND = "and|to|und|bis|et|à|a|y|e|en|tot|ed|-|\u2013|\u2014"

INTENTS: tuple[tuple[str, str], ...] = (
    ("cheapest", r"cheapest|least expensive|lowest[- ]price[d]?|lowest price|most affordable|least costly|best price"
                 r"|(?:am )?günstigste\w*|(?:am )?billigste\w*|(?:le |la |les )?moins ch[eè]re?s?|(?:más"
                 r"|mas) barat\w+"
                 r"|(?:meno car\w|più economic\w+)|goedkoopste?|mais barat\w+|cheepest|cheapst"),
    ("dearest", r"most expensive|dearest|priciest|highest[- ]price[d]?|highest price|costliest|most costly"
                r"|(?:am )?teuerste\w*|(?:le |la |les )?plus ch[eè]re?s?|(?:más|mas) car[oa]s?|più car\w|duurste?"
                r"|mais car[oa]s?"),
    ("find", r"how much (?:is|are|does|do|for)|was kosten?t?|wie ?viel kosten?t?"
             r"|combien co[uû]te\w*|cu[aá]nto cuesta\w*|quanto costa\w*|hoeveel kost\w*|quanto custa\w*"),
    ("count", r"how many|number of|how much (?:stuff|choice)|count(?: of)?|wie ?viele|combien (?:de|d')|combien"
              r"|cu[aá]nt[oa]s|quant[ei]|hoeveel|quant[oa]s"),
    ("compare", r"compare|comparison|versus|vs\.?|differences? between|vergleich\w*|compar(?:er|ez|ar|a)|confront\w+"
                r"|vergelijk\w*|unterschied zwischen"
                r"|which (?:one |of (?:them|these|those) )?(?:is|costs?) (?:the )?(?:cheaper|dearer"
                r"|less|more)(?: expensive)?"
                r"|(?:cheaper|dearer|pricier|(?:more|less) expensive|günstiger|billiger|teurer) (?:than|als)(?=\s+[^\W\d])"
                r"|which (?:one )?is (?:the )?better value|(?:are|is) (?:it|they) cheaper"),
    ("sellers", r"who (?:sells?|is selling|makes|offers?|has|is the seller)|(?:which|what) (?:shops?|sellers?|stores?"
                r"|business(?:es)?|vendors?|merchants?|compan(?:y|ies))|sellers?|sold by whom"
                r"|list (?:the )?(?:shops|sellers)"
                r"|wer verkauft|welche (?:händler|läden|shops)|qui vend|quels vendeurs|qui[eé]n vende|chi vende"
                r"|wie verkoopt"
                r"|quem vende"),
    ("range", r"price range|average prices?|range of prices|prices? (?:of|for) (?:all|your)|what prices|how (?:cheap"
              r"|expensive) (?:are|is|do)"
              r"|preisspanne|fourchette de prix|rango de precios|fascia di prezzo"),
    ("categories", r"what (?:do|can|else do) you (?:sell|have|carry|offer|stock)|what (?:is"
                   r"|are) (?:you )?sell(?:ing)?"
                   r"|categor(?:y|ies)|what (?:kinds?|types?|sorts?) of|what products|what's (?:here|there|available)"
                   r"|was (?:verkauft|habt|bietet) ihr|welche kategorien|que vendez[- ]vous|qu[eé] venden"
                   r"|cosa vendete"
                   r"|wat verkopen|o que vendem"),
    ("help", r"what can you do|how (?:do|can) (?:you|i) (?:work|use|ask)|who are you|what are you|^help\b.{0,20}$"
             r"|help me$"
             r"|was kannst du|hilfe|que peux[- ]tu faire|aide|qu[eé] puedes hacer|ayuda|cosa puoi fare|aiuto"
             r"|are you (?:a )?"
             r"(?:human|bot|robot|real)|wat kun je"),
    ("thanks", r"^(?:many )?(?:thanks?(?: you)?|thx|cheers|danke(?: schön)?|merci(?: beaucoup)?|gracias|grazie"
               r"|bedankt"
               r"|obrigad[oa])(?: (?:so|very) much| a lot)?$"),
    ("greeting", r"^(?:hi|hello|hey|good (?:morning|day|evening|afternoon)|hallo|guten tag|bonjour|salut|hola"
                 r"|ciao|ol[aá])"
                 r"(?: there| you)?$"),
)  # fmt: skip

CLAUSE = re.compile(
    r"[,;.]|\b(?:and|but|in|under|over|below|above|for|with|up to|und|aber|unter|über|für|et|mais|sous|y|pero|por)\b"
)
IRREGULAR = {
    "knives": "knife", "shelves": "shelf", "scarves": "scarf", "loaves": "loaf", "leaves": "leaf", "mice": "mouse",
    "children": "child", "women": "woman", "men": "man", "feet": "foot",
}  # fmt: skip
FOLLOW_UP = re.compile(
    r"^(?:and|also|what about|how about|or|but|then|ok(?:ay)?|und|et|y|e|en|wie (?:wäre|ist) es mit|"
    r"was ist mit|was|qu'en est-il|¿?y|qué tal)\b"
)
PRONOUNS = re.compile(
    r"\b(?:it|its|this one|that one|this|that|these|those|them|they|both|the (?:first|second|third|fourth|fifth|last)"
    r"(?: one)?|(?:first|second|third|fourth|fifth|last) one|the (?:cheaper|dearer) one|es|das|diese[rs]?"
    r"|celui-ci|ça|lo|questo)\b"
)
ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
WITHOUT = re.compile(
    r"\b(?:(?:but )?not (?:from|by|in|sold by|a|any)?|except(?: for| from)?|excluding|without|other than"
    r"|apart from|aside from|anything but|everything but|no|keine?n?r?|nicht von|ohne|außer|sans|sauf|pas de|sin"
    r"|excepto|senza)\s+"
)

STOP = frozenset(
    """
    a about all also am an and any anybody anyone anything are as at available be been best better between big
    bit browse but buy by can carry catalog catalogue could currently deal deals did do does don't dont either
    else ever every everything find for from get give go got great had has have haven't having hello help her
    here hey hi him his how i i'd i'll i'm im if in information into is isn't item items it it's its just kind
    know let like list listed listing listings look looking make many marketplace may maybe me might more most
    much must my need no not now of off offer offered offers on one ones only or order other our out over own
    people please price priced prices pricing cost costs costing product products purchase range really
    recommend right same say search see sell sells selling sold shop shops should show site so some something
    store stores stuff such suggest tell than that that's the their them then there there's these they thing
    things this those to today too under up us use very want wanna was we well were what what's whats when where
    which who whom whose why will with within without would yes yet you you're your yours details describe
    description expensive cheap cheaper dear dearer pricey worth money budget exactly compare compared versus vs
    difference differences cheapest priciest dearest least lowest highest affordable affordably seller sellers
    vendor vendors category categories business businesses company companies total altogether overall currency
    currencies ok okay exist exists ich du sie wir ihr es der die das den dem des ein eine einen einem einer
    eines und oder aber mit ohne für von vom zu zum zur auf bei aus nach über unter ist sind war haben hast habt
    hat gibt gib gibt's wie viel viele wo wer welche welcher welches kostet kosten preis preise bitte zeig zeige
    mir mich suche suchen möchte kann kannst könnt euch verkauft verkaufen etwas kaufen produkte produkt auch
    noch nicht kein keine bietet le la les l un une de d et ou mais avec sans pour par sur dans en au aux est
    sont avez avez-vous vous je j tu il elle nous cherche voudrais veux montre montrez moi combien coûte coute
    coûtent prix quel quelle quels quelles que qu qui y a-t-il vendez produits produit acheter s'il plaît el los
    las unos unas o pero con sin para por del al son hay tiene tienen tienes quiero busco buscar muestra
    muéstrame cuánto cuanto cuesta cuestan precio precios qué cuál cuáles venden vende productos producto
    comprar favor lo gli uno una e ma senza per su nel nella di da della dei è sono c'è avete vorrei cerco
    mostra mostrami quanto costa costano prezzo prezzi che quale quali vendete prodotti prodotto comprare het
    een maar met zonder voor van op zijn heb hebben hebt jullie u ik zoek toon hoeveel kost prijs wat welke
    verkopen verkoopt producten kopen um uma os dos com sem na tem têm quero procuro mostre custa custam preço
    preços qual quais vendem produtos produto
    """.split()  # noqa: SIM905
)
