# Was der Assistent auf Deutsch sagt. Namen und Zitate stehen so, wie die Verkäufer sie geschrieben haben.

greeting = Hallo! Fragen Sie nach allem, was im Katalog steht: einem Produkt, einem Preis, einer Kategorie oder danach, wofür Sie etwas brauchen.
thanks = Gern geschehen. Fragen Sie, wenn noch etwas ist.
help = Ich bin ein Programm, kein Mensch, und antworte nur aus dem öffentlichen Katalog. Fragen Sie nach Produkten mit Namen, Kategorie oder Zweck, nach Preisen, nach allem unter einem Preis, nach dem Günstigsten oder Neuesten, wie viele es gibt, wer was verkauft, oder lassen Sie zwei Produkte vergleichen. Danach lässt es sich eingrenzen: „und unter 50?“

product = { $name } kostet { $price } und wird von { $seller } verkauft.
product-listed = - { $name }: { $price }, verkauft von { $seller }
with-field = { $line }; { $field }: { $value }
with-quote = { $line } – „{ $quote }“
attribute = { $name } – { $field }: { $value }.
quotation = { $seller } schreibt über { $name }: „{ $quote }“

list = { $total ->
    [one] Ich habe ein Produkt gefunden{ $scope }:
   *[other] { $more ->
        [yes] Ich habe { $total } Produkte gefunden{ $scope }. Hier sind { $count } davon:
       *[no] Ich habe { $total } Produkte gefunden{ $scope }:
    }
}
nearest = { $total ->
    [one] Am nächsten kommt{ $scope }:
   *[other] Am nächsten kommen{ $scope }:
}
nothing = Nichts im Katalog passt{ $scope }.
count-products = { $total ->
    [0] Solche Produkte gibt es nicht{ $scope }.
    [one] Es gibt ein Produkt{ $scope }.
   *[other] Es gibt { $total } Produkte{ $scope }.
}
count-sellers = { $total ->
    [one] Es gibt einen Verkäufer{ $scope }.
   *[other] Es gibt { $total } Verkäufer{ $scope }.
}
count-categories = { $total ->
    [one] Es gibt eine Kategorie{ $scope }.
   *[other] Es gibt { $total } Kategorien{ $scope }.
}
breakdown-sellers = Bei diesen Verkäufern gibt es etwas{ $scope }:
breakdown-categories = Der Katalog hat diese Kategorien{ $scope }:
row = { $count ->
    [one] - { $name }: ein Produkt
   *[other] - { $name }: { $count } Produkte
}
price-range = Preise{ $scope }: { $ranges }.
range = { $same ->
    [yes] { $low }
   *[no] { $low } bis { $high }
}
extreme-cheapest = Am günstigsten{ $scope }:
extreme-dearest = Am teuersten{ $scope }:
extreme-newest = Am neuesten{ $scope }:
comparison = { $field } im Vergleich: { $values }.
comparison-value = { $name }: { $value }
not-stated = keine Angabe
comparison-price = Am günstigsten: { $least }; am teuersten: { $most }.
comparison-weight = Am schwersten: { $most }; am leichtesten: { $least }.
comparison-height = Am höchsten: { $most }; am niedrigsten: { $least }.
comparison-length = Am längsten: { $most }; am kürzesten: { $least }.
comparison-width = Am breitesten: { $most }; am schmalsten: { $least }.
comparison-other = { $field }: am meisten { $most }, am wenigsten { $least }.
comparison-same = Sie sind gleich.
difference = Der Unterschied beträgt { $amount }.
within-yes = { $name } kostet { $price } und liegt innerhalb Ihrer Grenze ({ $limit }).
within-no = { $name } kostet { $price } und liegt außerhalb Ihrer Grenze ({ $limit }).
corrected = Ich habe nach „{ $read }“ statt nach „{ $asked }“ gesucht.
unread = Diesen Teil Ihrer Frage habe ich nicht verwendet: { $words }.
currency = Preise werden nicht umgerechnet. Wonach Sie fragen, ist in { $offered } ausgezeichnet, nicht in { $wished }.
unknown = { $seller ->
    [none] Dazu sagt der Katalog nichts ({ $topic }). Wie die Verkäufer zu erreichen sind, steht auf ihren Seiten.
   *[other] Dazu sagt der Katalog nichts ({ $topic }). Auskunft gibt { $seller }.
}
unknown-product = Das sagt der Katalog zu { $name } nicht ({ $topic }). Auskunft gibt { $seller }.
shop-info = { $seller } sagt dazu ({ $topic }): „{ $quote }“
question-category = Welche Kategorie meinen Sie: { $options }?
question-seller = Welchen Verkäufer meinen Sie: { $options }?
question-currency = In welcher Währung: { $options }?
question-product = Was davon meinen Sie: { $options }?
question-words = Was suchen Sie? Im Katalog gibt es: { $options }.
option = { $label } ({ $count })
progress = { $total ->
    [one] Ein Produkt wird durchsucht …
   *[other] { $total } Produkte werden durchsucht …
}

scope = { " " }({ $parts })
scope-words = „{ $words }“
scope-category = in { $category }
scope-seller = von { $seller }
scope-currency = in { $currency }
scope-between = { $low } bis { $high }
scope-at-most = bis { $high }
scope-below = unter { $high }
scope-at-least = ab { $low }
scope-above = über { $low }
scope-without = ohne { $words }
scope-shown = von den gezeigten

topic-shipping = Lieferung
topic-returns = Rückgabe
topic-payment = Bezahlung
topic-contact = Kontakt
topic-about = Verkäufer
topic-stock = Lagerbestand
topic-order = Bestellungen
topic-discount = Rabatte
topic-warranty = Garantie und Reparatur
topic-reviews = Bewertungen
topic-account = Konto
topic-human = Gespräch mit einem Menschen
topic-advice = Beratung
topic-instruction = Anweisungen an den Assistenten

field-price = Preis
field-seller = Verkäufer
field-category = Kategorie
field-description = Beschreibung
field-material = Material
field-colour = Farbe
field-size = Größe
field-height = Höhe
field-width = Breite
field-depth = Tiefe
field-length = Länge
field-weight = Gewicht
field-diameter = Durchmesser
field-volume = Fassungsvermögen
field-load = Belastbarkeit
field-power = Leistung
field-battery = Batterie
field-age = Alter
field-pieces = Teile
field-care = Pflege
