# アシスタントが日本語で言うこと。名前と引用は販売者が書いたまま。

greeting = こんにちは。商品、価格、カテゴリー、使い道など、カタログのことを何でもお尋ねください。
thanks = どういたしまして。ほかにもあればお尋ねください。
help = 私は人ではなくプログラムで、公開カタログだけをもとにお答えします。商品名・カテゴリー・用途での検索、価格、予算内の商品、最も安いものや新しいもの、件数、販売者、商品の比較をお尋ねください。続けて「5000円以下は？」のように絞り込めます。

product = { $name }は{ $price }で、{ $seller }が販売しています。
product-listed = - { $name }：{ $price }、販売者 { $seller }
with-field = { $line }、{ $field }：{ $value }
with-quote = { $line } ―「{ $quote }」
attribute = { $name } ― { $field }：{ $value }
quotation = { $seller }による{ $name }の説明：「{ $quote }」

list = { $more ->
    [yes] { $total }件の商品が見つかりました{ $scope }。そのうち{ $count }件です：
   *[no] { $total }件の商品が見つかりました{ $scope }：
}
nearest = 最も近いものはこちらです{ $scope }：
nothing = カタログに該当するものはありません{ $scope }。
count-products = { $total ->
    [0] 該当する商品はありません{ $scope }。
   *[other] { $total }件の商品があります{ $scope }。
}
count-sellers = 販売者は{ $total }件です{ $scope }。
count-categories = カテゴリーは{ $total }件です{ $scope }。
breakdown-sellers = 次の販売者が扱っています{ $scope }：
breakdown-categories = カタログのカテゴリーです{ $scope }：
row = - { $name }：{ $count }件
price-range = 価格{ $scope }：{ $ranges }
range = { $same ->
    [yes] { $low }
   *[no] { $low }から{ $high }
}
extreme-cheapest = 最も安いもの{ $scope }：
extreme-dearest = 最も高いもの{ $scope }：
extreme-newest = 最も新しいもの{ $scope }：
comparison = { $field }の比較：{ $values }
comparison-value = { $name }：{ $value }
not-stated = 記載なし
comparison-price = 最も安いもの：{ $least }、最も高いもの：{ $most }。
comparison-weight = 最も重いもの：{ $most }、最も軽いもの：{ $least }。
comparison-height = 最も高いもの：{ $most }、最も低いもの：{ $least }。
comparison-length = 最も長いもの：{ $most }、最も短いもの：{ $least }。
comparison-width = 最も幅の広いもの：{ $most }、最も狭いもの：{ $least }。
comparison-other = { $field }：最大は{ $most }、最小は{ $least }。
comparison-same = 同じです。
difference = 差は{ $amount }です。
within-yes = { $name }は{ $price }で、ご希望の範囲内（{ $limit }）です。
within-no = { $name }は{ $price }で、ご希望の範囲外（{ $limit }）です。
corrected = 「{ $asked }」の代わりに「{ $read }」で検索しました。
unread = ご質問のうち、次の部分は使いませんでした：{ $words }
currency = 価格の換算はしません。お尋ねのものは{ $wished }ではなく{ $offered }で表示されています。
unknown = { $seller ->
    [none] それについてカタログには記載がありません（{ $topic }）。連絡方法は各販売者のページにあります。
   *[other] それについてカタログには記載がありません（{ $topic }）。{ $seller }にお問い合わせください。
}
unknown-product = { $name }について、カタログには記載がありません（{ $topic }）。{ $seller }にお問い合わせください。
shop-info = { $seller }の案内（{ $topic }）：「{ $quote }」
question-category = どのカテゴリーでしょうか：{ $options }
question-seller = どの販売者でしょうか：{ $options }
question-currency = どの通貨でしょうか：{ $options }
question-product = どれのことでしょうか：{ $options }
question-words = 何をお探しですか。カタログにあるもの：{ $options }
option = { $label }（{ $count }）
progress = { $total }件の商品を調べています…

scope = （{ $parts }）
scope-words = 「{ $words }」
scope-category = { $category }
scope-seller = { $seller }
scope-currency = { $currency }
scope-between = { $low }から{ $high }
scope-at-most = { $high }以下
scope-below = { $high }未満
scope-at-least = { $low }以上
scope-above = { $low }超
scope-without = { $words }を除く
scope-shown = 表示したものの中で

topic-shipping = 配送
topic-returns = 返品
topic-payment = 支払い
topic-contact = 連絡先
topic-about = 販売者
topic-stock = 在庫
topic-order = 注文
topic-discount = 割引
topic-warranty = 保証と修理
topic-reviews = レビュー
topic-account = アカウント
topic-human = 担当者との会話
topic-advice = 相談
topic-instruction = アシスタントへの指示

field-price = 価格
field-seller = 販売者
field-category = カテゴリー
field-description = 説明
field-material = 素材
field-colour = 色
field-size = サイズ
field-height = 高さ
field-width = 幅
field-depth = 奥行き
field-length = 長さ
field-weight = 重さ
field-diameter = 直径
field-volume = 容量
field-load = 耐荷重
field-power = 消費電力
field-battery = 電池
field-age = 対象年齢
field-pieces = 個数
field-care = 手入れ
