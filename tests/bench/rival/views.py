import re

from django.db.models import Q
from rest_framework import generics, permissions, serializers, viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.bench.rival.models import ChatMessage, Product, User


class UserSerializer(serializers.ModelSerializer):
    business_name = serializers.CharField(source="business.name", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "email", "first_name", "last_name", "role", "business", "business_name"]


class ProductSerializer(serializers.ModelSerializer):
    business_name = serializers.CharField(source="business.name", read_only=True)
    created_by_name = serializers.CharField(source="created_by.username", read_only=True)

    class Meta:
        model = Product
        fields = ["id", "name", "description", "price", "currency", "category", "status", "business", "business_name",
                  "created_by", "created_by_name", "created_at", "updated_at"]  # fmt: skip
        read_only_fields = ["business", "created_by", "status"]


class Products(viewsets.ModelViewSet):
    serializer_class = ProductSerializer

    def get_queryset(self):
        return Product.objects.filter(business=self.request.user.business_id).select_related("business", "created_by")

    def perform_create(self, serializer):
        serializer.save(business=self.request.user.business, created_by=self.request.user)


class PublicProducts(generics.ListAPIView):
    serializer_class = ProductSerializer
    permission_classes = [permissions.AllowAny]
    authentication_classes = []

    def get_queryset(self):
        listed = Product.objects.filter(status="approved").select_related("business", "created_by")
        words = self.request.query_params.get("q")
        return listed.filter(Q(name__icontains=words) | Q(description__icontains=words)) if words else listed


class Me(APIView):
    def get(self, request):
        return Response(UserSerializer(request.user).data)


class Question(serializers.Serializer):
    message = serializers.CharField(max_length=4000)


class Chat(APIView):
    permission_classes = [permissions.AllowAny]

    def post(self, request):
        question = Question(data=request.data)
        question.is_valid(raise_exception=True)
        message = question.validated_data["message"]
        matches = Q()
        for word in re.findall(r"[a-z]{4,}", message.lower()):
            matches |= Q(name__icontains=word)
        products = Product.objects.filter(matches, status="approved").select_related("business")[:5]
        text = "\n".join(f"- {p.name}: {p.price} {p.currency} from {p.business.name}" for p in products)
        user = request.user if request.user.is_authenticated else None
        row = ChatMessage.objects.create(user=user, user_message=message, ai_response=text or "I found nothing.")
        return Response({"id": row.id, "user_message": message, "ai_response": row.ai_response,
                         "timestamp": row.timestamp})  # fmt: skip
