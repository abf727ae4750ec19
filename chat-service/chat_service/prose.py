"""Words that carry no claim. A sentence of a model may use these and what its sources say, and nothing else.

Left out on purpose: whatever a listing alone could justify, such as free, new, discount, warranty, delivery or stock.
"""

from chat_service import words

_RISKY = frozenset(
    """
    best better deal deals recommend most highest lowest least affordable affordably popular worth need best-selling
    many much several lots lot few various hundreds thousands cheaper cheapest dearer dearest priciest expensive cheap
    """.split()  # noqa: SIM905
)

_ENGLISH = """
    above absolutely according across actually add additional after again ahead alike alongside alright
    alternatively although always among another answer answers appears apologies area around ask asked asking assist
    assistance assistant aware away based because become been before being believe below beside besides both bring
    brings brought budget called came case catalogue's certain certainly check checked checking choice choices
    choose choosing clear clearly close closer come comes comparing comparison complete consider considering
    consists contact contains costing couple currently decide decision depending depends detail different directly
    done down during each easily enjoy enough entirely entry especially exact exactly example explore express extra
    fact facts fair far fall falls feel few fine first fit fits fitting follow following follows former forward
    found fourth full further gave general generally given gives giving glad going gone good got great group had
    handy happy hear helped helpful helps here's high higher hope however idea ideal ideas identical including
    includes included indeed individual inside instead interested interesting isn't keep kept kinds knowing known
    knows last lastly latter learn least left less let's liked limit line listing's lists little long longer looks
    lot lots lovely low lower made main makes match matched matches matching mean means meet meets mention mentioned
    mentions message mind moment money's more moreover move moving name named names namely narrow nearest neither
    next nice none nor note noted nothing number numbers often once ones others otherwise ourselves overview own
    particular particularly pay paying per perhaps pick picked picks piece pieces place please pleased plus point
    possible present prefer prefers presented previous prior probably provide provided provides public published
    purpose put question questions quite rather reach read reads reason recap reference regarding related rely
    remember reply request respective respectively result results returned returns review right said says second see
    seem seems seen select selected selection sentence separate set several shall shared shopper shoppers
    shopping shortly showing shown shows side similar simply since single slightly small smaller someone sorry sort
    sounds specific spend spending start starting starts state stated states still straight suggested suggestion
    suggestions suit suits sum summary sure take takes talk team tells thank thanks themselves therefore third
    though three through thus till time times together too topic toward track try trying turn two type types
    unfortunately unless until upon used useful uses using value values verified various via view visit wait wanted
    wants way ways welcome went whatever whenever whereas whether which whichever while whole within wonder
    wonderful word words work works would wouldn't write year yet yourself between cost costs charge charges total
    totals hi hello hey option options alternative alternatives item items listed listing listings product products
    article articles entries article's priced prices range ranges ranging sells sold seller sellers shop shops store
    stores vendor vendors category categories currency currencies catalog catalogue marketplace lets i've i'd we've
    we're you've you'd they're that'll it'll won't can't couldn't doesn't didn't aren't weren't wasn't hasn't hadn't
    there're what've same equal equally side-by-side look-up lookup searched searching search fits-in available
    offers offered carries carried carrying having stocked happen happens everyday
    """

_GERMAN = """
    hier sind ist dieses diese dieser diesen diesem das produkt produkte artikel angebot angebote kostet kosten
    preis preise preislich verkauft verkauften verkäufer händler von vom bei beim für leider gefunden finden habe
    haben hat wird werden wurde gibt führen führt nicht keine keinen kein passende passenden passend passt gerne
    gern natürlich ja nein danke bitte sowie auch außerdem zudem insgesamt zusammen unter über zwischen bis ab etwa
    mehr weniger günstiger teurer als im in aus unserem unser unsere katalog kategorie kategorien suche anfrage
    ergebnis ergebnisse treffer option optionen auswahl sehen zeigen anzeigen möchten möchtest sie du ihnen dir ihr
    euch noch weitere weiteren anderen andere jeweils wählen guten tag hallo ich wir man kann können könnte folgende
    folgenden folgendes zwei drei beide beiden aktuell derzeit momentan dort erhältlich verfügbar anbieten bietet
    bieten angeboten gelistet listet nur einen eine ein einer eines wenn dann damit daher
    """
_FRENCH = """
    voici est sont ce cet cette ces le la les produit produits article articles prix coûte coûtent vendu vendue
    vendus vendues par vendeur vendeurs chez malheureusement trouvé trouver ai avons avez a il elle ils y pas ne n
    aucun aucune nous vous je oui non merci bien sûr aussi également ensemble au total sous entre jusqu à partir
    moins plus cher chère que dans notre catalogue catégorie catégories recherche résultat résultats option options
    choix voir montrer souhaitez voulez voudriez autre autres chacun chacune actuellement disponible disponibles
    proposé proposons propose bonjour deux trois suivant suivants suivante suivantes correspond correspondent votre
    vos seul c'est n'est n'avons d'autres l'article qui de du des
    """
_SPANISH = """
    aquí está están es son este esta estos estas el la los las producto productos artículo artículos precio precios
    cuesta cuestan vendido vendida vendidos por vendedor vendedores de del lamentablemente encontrado encontrar he
    hemos tiene tenemos hay no ningún ninguna nosotros usted sí gracias claro también además en total entre hasta
    desde menos más caro cara barato barata que nuestro catálogo categoría categorías búsqueda resultado resultados
    opción opciones ver mostrar desea quiere otro otra otros otras cada actualmente disponible disponibles ofrece
    ofrecemos hola dos tres siguiente siguientes su sus un una uno lo siento
    """
_ITALIAN = """
    ecco è sono questo questa questi queste il lo la i gli le prodotto prodotti articolo articoli prezzo prezzi
    costa costano venduto venduta venduti da dal di del purtroppo trovato trovare ho abbiamo ha c'è ci non nessun
    nessuna noi lei sì grazie certo anche inoltre in totale tra fino meno più caro cara economico che nostro
    catalogo categoria categorie ricerca risultato risultati opzione opzioni vedere mostrare desidera vuole altro
    altra altri altre ciascuno attualmente disponibile disponibili offre offriamo ciao due tre seguente seguenti suo
    sua un una uno per mi dispiace
    """
_DUTCH = """
    hier zijn is dit deze dat de het product producten artikel artikelen prijs prijzen kost kosten verkocht door
    verkoper verkopers van bij helaas gevonden vinden heb hebben heeft er geen niet wij we u je ja nee bedankt
    natuurlijk ook verder in totaal onder tussen tot vanaf minder meer goedkoper duurder dan onze catalogus
    categorie categorieën zoekopdracht resultaat resultaten optie opties keuze zien tonen wilt wil andere elk
    momenteel beschikbaar biedt aangeboden hallo twee drie volgende uw jouw een
    """
_PORTUGUESE = """
    aqui está estão é são este esta estes estas o a os as produto produtos artigo artigos preço preços custa custam
    vendido vendida vendidos por vendedor vendedores de do da infelizmente encontrado encontrar encontrei temos tem
    há não nenhum nenhuma nós você sim obrigado obrigada claro também além no total entre até desde menos mais caro
    cara barato que nosso catálogo categoria categorias pesquisa resultado resultados opção opções ver mostrar
    deseja quer outro outra outros outras cada atualmente disponível disponíveis oferece olá dois duas três seguinte
    seguintes seu sua um uma
    """

PROSE = (
    words.STOP | frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _ITALIAN, _DUTCH, _PORTUGUESE)).split())
) - _RISKY

NUMBERS = {
    word: number
    for number, names in {
        2: "two zwei deux dos due twee dois duas", 3: "three drei trois tres tre drie três",
        4: "four vier quatre cuatro quattro",
        5: "five fünf cinq cinco cinque vijf", 6: "six sechs seis sei zes",
        7: "seven sieben sept siete sette zeven sete",
        8: "eight acht huit ocho otto oito", 9: "nine neun neuf nueve nove negen",
        10: "ten zehn dix diez dieci tien dez",
        11: "eleven elf onze undici", 12: "twelve zwölf douze doce dodici twaalf doze dozen dutzend",
        13: "thirteen dreizehn",
        14: "fourteen vierzehn", 15: "fifteen fünfzehn", 16: "sixteen sechzehn", 17: "seventeen siebzehn",
        18: "eighteen achtzehn",
        19: "nineteen neunzehn", 20: "twenty zwanzig vingt veinte venti twintig vinte",
        30: "thirty dreißig trente treinta trenta",
        40: "forty vierzig", 50: "fifty fünfzig", 60: "sixty sechzig", 70: "seventy siebzig", 80: "eighty achtzig",
        90: "ninety neunzig", 100: "hundred hundert cent cien cento honderd",
        1000: "thousand tausend mille mil duizend",
    }.items()
    for word in names.split()
}  # fmt: skip

COUNTED = frozenset(
    """
    product products item items article articles listing listings result results option options match matches piece
    pieces
    thing things entry entries choice choices produkt produkte artikel treffer ergebnis ergebnisse produit produits
    résultat
    résultats producto productos artículo artículos resultado resultados prodotto prodotti risultato risultati
    producten
    resultaten produto produtos artigo artigos
    """.split()  # noqa: SIM905
)
SELLING = frozenset(
    """
    seller sellers shop shops store stores vendor vendors business businesses merchant merchants verkäufer händler
    vendeur vendeurs
    vendedor vendedores venditore venditori verkoper verkopers
    """.split()  # noqa: SIM905
)
GROUPING = frozenset(
    [
        "category",
        "categories",
        "kategorie",
        "kategorien",
        "catégorie",
        "catégories",
        "categoría",
        "categorías",
        "categoria",
        "categorie",
    ]
)

NEGATION = (
    r"not|no|none|nothing|never|neither|cannot|unable|without|unfortunately|\w+n't|nicht|kein\w*|nichts|leider"
    r"|pas|aucune?|rien"
    r"|malheureusement|ning[uú]n\w*|nada|lamentablemente|nessun\w*|niente|purtroppo|geen|niet|niets|helaas|não"
    r"|nenhuma?"
    r"|infelizmente"
)
CHEAPER = (
    r"cheaper|less expensive|costs? less|lower(?:[- ]priced)?|less costly|günstiger|billiger|moins ch[eè]re?s?"
    r"|más barat\w+"
    r"|meno car\w|goedkoper|mais barat\w+"
)
DEARER = (
    r"dearer|more expensive|costs? more|higher(?:[- ]priced)?|pricier|costlier|more costly|teurer|plus ch[eè]re?s?"
    r"|más car\w+|più car\w|duurder|mais car\w+"
)
HAVING = (
    r"listed|in (?:our|the) catalog(?:ue)?|have|has|had|carr(?:y|ies|ied)|sells?|sold|offers?|offered|available|stock(?:ed)?|found|find|there(?:'s| is"
    r"| are)|exists?"
    r"|habe[n]?|hat|gibt|führ\w+|verfügbar|gefunden|avons|avez|trouvé|disponibles?|il y a|tenemos|tiene|hay"
    r"|encontrado"
    r"|abbiamo|c'è|trovato|hebben|gevonden|temos|há|encontr\w+"
)
YES = (
    r"yes|yep|yeah|sure|certainly|of course|absolutely|indeed|definitely|correct|right|exactly|ja|natürlich|oui"
    r"|bien sûr|sí|claro"
    r"|sì|certo|sim"
)
AFFIRMED = r"(?:that|this|it)(?: is|'s) (?:right|correct|true|so)"
POINTING = r"it|its|they|them|this|that|these|those|both|sie|diese[rs]?|ils|elles|ellos|ellas|essi|esso|zij"
OFFER = r"(?:let (?:me|us)|i(?:'ll| will| can)|we can|would|if|please|just|do you|shall|möchte|lass|souhaitez|n'hésitez)(?!\w)"
BUDGET = r"budget|limit|price limit|within|fits?|affordable|limite|presupuesto|prix maximum"
SAME = r"the same|same price|equally|equal|identical|gleich\w*|dasselbe|même|mism[oa]s?|stess[oa]|dezelfde|hetzelfde|mesm[oa]s?"
WHOLE = (
    r"of all|overall|in total|altogether|in all|all products|whole|entire|everything|marketplace|insgesamt|au total|en total"
    r"|in totale|in totaal|no total"
)
FURTHER = r"others?|another|additional|else|weitere[nrs]?|andere[nrs]?|autres?|d'autres|otr[oa]s?|altr[oiae]|outr[oa]s?"
UNIVERSAL = (
    r"all|every|everything|everyone|each|only|always|any|alles?|jede[rs]?|nur|tous|toutes?|chaque|seul\w*"
    r"|tod[oa]s?|cada|sol[oa]"
    r"|tutt[oaie]|ogni|elke?|alleen|tudo|sempre"
)
