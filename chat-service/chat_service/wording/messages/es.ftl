# Lo que dice el asistente en español. Los nombres y las citas están como los escribieron los vendedores.

greeting = ¡Hola! Pregúnteme por lo que quiera del catálogo: un producto, un precio, una categoría o para qué lo necesita.
thanks = De nada. Pregunte cuando necesite algo más.
help = Soy un programa, no una persona, y respondo solo con el catálogo público. Pregúnteme por productos por nombre, categoría o uso, por precios, por todo lo que cueste menos de un precio, por lo más barato o lo más nuevo, cuántos hay, quién vende qué, o pídame comparar dos productos. Después, concrete: «¿y por menos de 50?»

product = { $name } cuesta { $price } y lo vende { $seller }.
product-listed = - { $name }: { $price }, vendido por { $seller }
with-field = { $line }; { $field }: { $value }
with-quote = { $line } – «{ $quote }»
attribute = { $name } – { $field }: { $value }.
quotation = { $seller } escribe sobre { $name }: «{ $quote }»

list = { $total ->
    [one] He encontrado un producto{ $scope }:
   *[other] { $more ->
        [yes] He encontrado { $total } productos{ $scope }. Aquí tiene { $count }:
       *[no] He encontrado { $total } productos{ $scope }:
    }
}
nearest = { $total ->
    [one] Esto es lo más parecido{ $scope }:
   *[other] Esto es lo más parecido{ $scope }:
}
nothing = Nada del catálogo coincide{ $scope }.
count-products = { $total ->
    [0] No hay productos así{ $scope }.
    [one] Hay un producto{ $scope }.
   *[other] Hay { $total } productos{ $scope }.
}
count-sellers = { $total ->
    [one] Hay un vendedor{ $scope }.
   *[other] Hay { $total } vendedores{ $scope }.
}
count-categories = { $total ->
    [one] Hay una categoría{ $scope }.
   *[other] Hay { $total } categorías{ $scope }.
}
breakdown-sellers = Estos vendedores tienen algo{ $scope }:
breakdown-categories = El catálogo tiene estas categorías{ $scope }:
row = { $count ->
    [one] - { $name }: un producto
   *[other] - { $name }: { $count } productos
}
price-range = Precios{ $scope }: { $ranges }.
range = { $same ->
    [yes] { $low }
   *[no] de { $low } a { $high }
}
extreme-cheapest = Lo más barato{ $scope }:
extreme-dearest = Lo más caro{ $scope }:
extreme-newest = Lo más nuevo{ $scope }:
comparison = Comparación ({ $field }): { $values }.
comparison-value = { $name }: { $value }
not-stated = no se indica
comparison-price = El más barato: { $least }; el más caro: { $most }.
comparison-weight = El más pesado: { $most }; el más ligero: { $least }.
comparison-height = El más alto: { $most }; el más bajo: { $least }.
comparison-length = El más largo: { $most }; el más corto: { $least }.
comparison-width = El más ancho: { $most }; el más estrecho: { $least }.
comparison-other = { $field }: el que más, { $most }; el que menos, { $least }.
comparison-same = Son iguales.
difference = La diferencia es de { $amount }.
within-yes = { $name } cuesta { $price } y está dentro de su límite ({ $limit }).
within-no = { $name } cuesta { $price } y está fuera de su límite ({ $limit }).
corrected = He buscado «{ $read }» en lugar de «{ $asked }».
unread = No he usado esta parte de su pregunta: { $words }.
currency = Los precios no se convierten. Lo que pregunta está en { $offered }, no en { $wished }.
unknown = { $seller ->
    [none] El catálogo no dice nada sobre eso ({ $topic }). La página de cada vendedor indica cómo contactar con él.
   *[other] El catálogo no dice nada sobre eso ({ $topic }). { $seller } puede informarle.
}
unknown-product = El catálogo no lo dice de { $name } ({ $topic }). { $seller } puede informarle.
shop-info = { $seller } indica ({ $topic }): «{ $quote }»
question-category = ¿A qué categoría se refiere: { $options }?
question-seller = ¿A qué vendedor se refiere: { $options }?
question-currency = ¿En qué moneda: { $options }?
question-product = ¿A cuál se refiere: { $options }?
question-words = ¿Qué busca? El catálogo tiene: { $options }.
option = { $label } ({ $count })
progress = { $total ->
    [one] Buscando en un producto…
   *[other] Buscando en { $total } productos…
}

scope = { " " }({ $parts })
scope-words = «{ $words }»
scope-category = en { $category }
scope-seller = de { $seller }
scope-currency = en { $currency }
scope-between = de { $low } a { $high }
scope-at-most = hasta { $high }
scope-below = menos de { $high }
scope-at-least = desde { $low }
scope-above = más de { $low }
scope-without = sin { $words }
scope-shown = entre los mostrados

topic-shipping = envío
topic-returns = devoluciones
topic-payment = pago
topic-contact = contacto
topic-about = el vendedor
topic-stock = existencias
topic-order = pedidos
topic-discount = descuentos
topic-warranty = garantía y reparación
topic-reviews = opiniones
topic-account = cuenta
topic-human = hablar con una persona
topic-advice = consejo
topic-instruction = instrucciones al asistente

field-price = precio
field-seller = vendedor
field-category = categoría
field-description = descripción
field-material = material
field-colour = color
field-size = tamaño
field-height = altura
field-width = ancho
field-depth = profundidad
field-length = longitud
field-weight = peso
field-diameter = diámetro
field-volume = capacidad
field-load = carga
field-power = potencia
field-battery = batería
field-age = edad
field-pieces = piezas
field-care = cuidado
