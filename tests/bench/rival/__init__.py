"""The shop as a Django developer would write it: Django 4.2, REST framework, simplejwt. What `make bench` compares with."""
