# What the assistant says in English. Names and quotations stand as their sellers wrote them.

greeting = Hello! Ask me for anything in the catalogue: a product, a price, a category, or what you need it for.
thanks = You are welcome. Ask whenever there is something else.
help = I am a program, not a person, and I answer from the public catalogue only. Ask me for products by name, category or use, for prices, for everything under a price, for the cheapest or the newest, how many there are, who sells what, or to compare two products. Then narrow it down: “and under 50?”

product = { $name } costs { $price } and is sold by { $seller }.
product-listed = - { $name }: { $price }, sold by { $seller }
with-field = { $line }; { $field }: { $value }
with-quote = { $line } – “{ $quote }”
attribute = { $name } – { $field }: { $value }.
quotation = { $seller } writes about { $name }: “{ $quote }”

list = { $total ->
    [one] I found one product{ $scope }:
   *[other] { $more ->
        [yes] I found { $total } products{ $scope }. Here are { $count } of them:
       *[no] I found { $total } products{ $scope }:
    }
}
nearest = { $total ->
    [one] This comes nearest{ $scope }:
   *[other] These come nearest{ $scope }:
}
nothing = Nothing in the catalogue fits{ $scope }.
count-products = { $total ->
    [0] There are no such products{ $scope }.
    [one] There is one product{ $scope }.
   *[other] There are { $total } products{ $scope }.
}
count-sellers = { $total ->
    [one] There is one seller{ $scope }.
   *[other] There are { $total } sellers{ $scope }.
}
count-categories = { $total ->
    [one] There is one category{ $scope }.
   *[other] There are { $total } categories{ $scope }.
}
breakdown-sellers = These sellers have something{ $scope }:
breakdown-categories = The catalogue has these categories{ $scope }:
row = { $count ->
    [one] - { $name }: one product
   *[other] - { $name }: { $count } products
}
price-range = Prices{ $scope }: { $ranges }.
range = { $same ->
    [yes] { $low }
   *[no] { $low } to { $high }
}
extreme-cheapest = The cheapest{ $scope }:
extreme-dearest = The most expensive{ $scope }:
extreme-newest = The newest{ $scope }:
comparison = { $field } compared: { $values }.
comparison-value = { $name }: { $value }
not-stated = not stated
comparison-price = Cheapest: { $least }; most expensive: { $most }.
comparison-weight = Heaviest: { $most }; lightest: { $least }.
comparison-height = Tallest: { $most }; lowest: { $least }.
comparison-length = Longest: { $most }; shortest: { $least }.
comparison-width = Widest: { $most }; narrowest: { $least }.
comparison-other = { $field }: most { $most }, least { $least }.
comparison-same = They are equal.
difference = The difference is { $amount }.
within-yes = { $name } costs { $price }, which is within your limit ({ $limit }).
within-no = { $name } costs { $price }, which is outside your limit ({ $limit }).
corrected = I looked for “{ $read }” instead of “{ $asked }”.
unread = I did not use this part of your question: { $words }.
currency = Prices are not converted. What you asked about is priced in { $offered }, not in { $wished }.
unknown = { $seller ->
    [none] The catalogue does not say anything about that ({ $topic }). Each seller’s page says how to reach them.
   *[other] The catalogue does not say anything about that ({ $topic }). { $seller } can tell you.
}
unknown-product = The catalogue does not say that of { $name } ({ $topic }). { $seller } can tell you.
shop-info = { $seller } says about { $topic }: “{ $quote }”
question-category = Which category do you mean: { $options }?
question-seller = Which seller do you mean: { $options }?
question-currency = In which currency: { $options }?
question-product = Which of these do you mean: { $options }?
question-words = What are you looking for? The catalogue has: { $options }.
option = { $label } ({ $count })
progress = { $total ->
    [one] Looking through one product…
   *[other] Looking through { $total } products…
}

scope = { " " }({ $parts })
scope-words = “{ $words }”
scope-category = in { $category }
scope-seller = from { $seller }
scope-currency = in { $currency }
scope-between = { $low } to { $high }
scope-at-most = up to { $high }
scope-below = under { $high }
scope-at-least = from { $low }
scope-above = over { $low }
scope-without = without { $words }
scope-shown = of those shown

topic-shipping = delivery
topic-returns = returns
topic-payment = payment
topic-contact = contact
topic-about = the seller
topic-stock = stock
topic-order = orders
topic-discount = discounts
topic-warranty = warranty and repairs
topic-reviews = reviews
topic-account = accounts
topic-human = talking to a person
topic-advice = advice
topic-instruction = instructions to the assistant

field-price = price
field-seller = seller
field-category = category
field-description = description
field-material = material
field-colour = colour
field-size = size
field-height = height
field-width = width
field-depth = depth
field-length = length
field-weight = weight
field-diameter = diameter
field-volume = capacity
field-load = load
field-power = power
field-battery = battery
field-age = age
field-pieces = pieces
field-care = care
