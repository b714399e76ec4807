"""证件类型, in the order of rule B3; no officer's card. More kinds are added here and nowhere else (rule H6)."""

from django.db import models


class IdType(models.TextChoices):
    MAINLAND = "1", "中华人民共和国居民身份证"
    TAIWAN = "2", "台湾居民来往大陆通行证"
    HONG_KONG_MACAO = "3", "港澳居民来往内地通行证"
    PASSPORT = "4", "护照"
    HONG_KONG = "5", "香港身份证"
    MACAO = "6", "澳门身份证"
