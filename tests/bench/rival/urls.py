from django.urls import include, path
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenObtainPairView

from tests.bench.rival import views

router = DefaultRouter()
router.register("products", views.Products, basename="product")

urlpatterns = [
    path("api/login/", TokenObtainPairView.as_view()),
    path("api/me/", views.Me.as_view()),
    path("api/products/public/", views.PublicProducts.as_view()),
    path("api/chatbot/", views.Chat.as_view()),
    path("api/", include(router.urls)),
]
