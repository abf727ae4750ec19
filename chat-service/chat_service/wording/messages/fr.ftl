# Ce que dit l'assistant en français. Les noms et les citations sont tels que les vendeurs les ont écrits.

greeting = Bonjour ! Demandez-moi ce que vous voulez sur le catalogue : un produit, un prix, une catégorie ou un usage.
thanks = Avec plaisir. N’hésitez pas s’il vous faut autre chose.
help = Je suis un programme, pas une personne, et je réponds uniquement d’après le catalogue public. Demandez-moi des produits par nom, catégorie ou usage, des prix, tout ce qui est sous un prix, le moins cher ou le plus récent, combien il y en a, qui vend quoi, ou de comparer deux produits. Précisez ensuite : « et à moins de 50 ? »

product = { $name } coûte { $price } et est vendu par { $seller }.
product-listed = - { $name } : { $price }, vendu par { $seller }
with-field = { $line } ; { $field } : { $value }
with-quote = { $line } – « { $quote } »
attribute = { $name } – { $field } : { $value }.
quotation = { $seller } écrit à propos de { $name } : « { $quote } »

list = { $total ->
    [0] Je n’ai trouvé aucun produit{ $scope }.
    [1] J’ai trouvé un produit{ $scope } :
   *[other] { $more ->
        [yes] J’ai trouvé { $total } produits{ $scope }. En voici { $count } :
       *[no] J’ai trouvé { $total } produits{ $scope } :
    }
}
nearest = { $total ->
    [1] Voici ce qui s’en approche le plus{ $scope } :
   *[other] Voici ce qui s’en approche le plus{ $scope } :
}
nothing = Rien dans le catalogue ne correspond{ $scope }.
count-products = { $total ->
    [0] Il n’y a aucun produit de ce genre{ $scope }.
    [1] Il y a un produit{ $scope }.
   *[other] Il y a { $total } produits{ $scope }.
}
count-sellers = { $total ->
    [1] Il y a un vendeur{ $scope }.
   *[other] Il y a { $total } vendeurs{ $scope }.
}
count-categories = { $total ->
    [1] Il y a une catégorie{ $scope }.
   *[other] Il y a { $total } catégories{ $scope }.
}
breakdown-sellers = Ces vendeurs ont quelque chose{ $scope } :
breakdown-categories = Le catalogue a ces catégories{ $scope } :
row = { $count ->
    [1] - { $name } : un produit
   *[other] - { $name } : { $count } produits
}
price-range = Prix{ $scope } : { $ranges }.
range = { $same ->
    [yes] { $low }
   *[no] de { $low } à { $high }
}
extreme-cheapest = Le moins cher{ $scope } :
extreme-dearest = Le plus cher{ $scope } :
extreme-newest = Le plus récent{ $scope } :
comparison = Comparaison ({ $field }) : { $values }.
comparison-value = { $name } : { $value }
not-stated = non précisé
comparison-price = Le moins cher : { $least } ; le plus cher : { $most }.
comparison-weight = Le plus lourd : { $most } ; le plus léger : { $least }.
comparison-height = Le plus haut : { $most } ; le plus bas : { $least }.
comparison-length = Le plus long : { $most } ; le plus court : { $least }.
comparison-width = Le plus large : { $most } ; le plus étroit : { $least }.
comparison-other = { $field } : le plus { $most }, le moins { $least }.
comparison-same = Ils sont égaux.
difference = La différence est de { $amount }.
within-yes = { $name } coûte { $price } : c’est dans votre limite ({ $limit }).
within-no = { $name } coûte { $price } : c’est hors de votre limite ({ $limit }).
corrected = J’ai cherché « { $read } » au lieu de « { $asked } ».
unread = Je n’ai pas utilisé cette partie de votre question : { $words }.
currency = Les prix ne sont pas convertis. Ce que vous demandez est affiché en { $offered }, pas en { $wished }.
unknown = { $seller ->
    [none] Le catalogue n’en dit rien ({ $topic }). La page de chaque vendeur indique comment le joindre.
   *[other] Le catalogue n’en dit rien ({ $topic }). { $seller } peut vous renseigner.
}
unknown-product = Le catalogue ne le dit pas pour { $name } ({ $topic }). { $seller } peut vous renseigner.
shop-info = { $seller } indique ({ $topic }) : « { $quote } »
question-category = Quelle catégorie voulez-vous dire : { $options } ?
question-seller = Quel vendeur voulez-vous dire : { $options } ?
question-currency = En quelle monnaie : { $options } ?
question-product = Lequel voulez-vous dire : { $options } ?
question-words = Que cherchez-vous ? Le catalogue contient : { $options }.
option = { $label } ({ $count })
progress = { $total ->
    [1] Je parcours un produit…
   *[other] Je parcours { $total } produits…
}

scope = { " " }({ $parts })
scope-words = « { $words } »
scope-category = dans { $category }
scope-seller = chez { $seller }
scope-currency = en { $currency }
scope-between = de { $low } à { $high }
scope-at-most = jusqu’à { $high }
scope-below = moins de { $high }
scope-at-least = à partir de { $low }
scope-above = plus de { $low }
scope-without = sans { $words }
scope-shown = parmi ceux montrés

topic-shipping = livraison
topic-returns = retours
topic-payment = paiement
topic-contact = contact
topic-about = le vendeur
topic-stock = stock
topic-order = commandes
topic-discount = réductions
topic-warranty = garantie et réparation
topic-reviews = avis
topic-account = compte
topic-human = parler à une personne
topic-advice = conseil
topic-instruction = instructions à l’assistant

field-price = prix
field-seller = vendeur
field-category = catégorie
field-description = description
field-material = matière
field-colour = couleur
field-size = taille
field-height = hauteur
field-width = largeur
field-depth = profondeur
field-length = longueur
field-weight = poids
field-diameter = diamètre
field-volume = contenance
field-load = charge
field-power = puissance
field-battery = batterie
field-age = âge
field-pieces = pièces
field-care = entretien
