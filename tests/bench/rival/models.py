from django.contrib.auth.models import AbstractUser
from django.db import models


class Business(models.Model):
    name = models.CharField(max_length=255)
    created_at = models.DateTimeField(auto_now_add=True)


class User(AbstractUser):
    role = models.CharField(max_length=20, default="editor")
    business = models.ForeignKey(Business, null=True, on_delete=models.CASCADE)


class Product(models.Model):
    name = models.CharField(max_length=255)
    description = models.TextField()
    price = models.DecimalField(max_digits=12, decimal_places=3)
    currency = models.CharField(max_length=3, default="EUR")
    category = models.CharField(max_length=64, default="", db_index=True)
    status = models.CharField(max_length=20, default="draft", db_index=True)
    business = models.ForeignKey(Business, on_delete=models.CASCADE)
    created_by = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]


class ChatMessage(models.Model):
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE)
    user_message = models.TextField()
    ai_response = models.TextField()
    timestamp = models.DateTimeField(auto_now_add=True)
