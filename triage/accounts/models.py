"""People who use Muster, the roles they were given, and their sessions."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower

from triage.accounts.ceremony import Size


class UserManager(BaseUserManager["User"]):
    """Finds people by their address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """Gives the person with this address; raises User.DoesNotExist."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person who works with Muster; what they may do comes from roles and enlistments."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    shown_name = models.CharField(
        max_length=60, blank=True, help_text="the first name that customers see"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case_once")]

    def __str__(self) -> str:
        return f"user {self.pk}"

    def get_full_name(self) -> str:
        """Gives the name colleagues see."""
        return self.name or self.email


class RoleGrant(models.Model):
    """One standing role of one person; volunteers have enlistments instead of roles."""

    class Role(models.TextChoices):
        VOLUNTEER = "volunteer"
        SUPPORT = "support"
        SUPERVISOR = "supervisor"
        APPROVER = "approver"
        ADMIN = "admin"
        AUDITOR = "auditor"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=12, choices=Role)
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role"], name="role_once")]

    def __str__(self) -> str:
        return f"{self.role} of user {self.user_id}"


class CeremonyChoice(models.Model):
    """Which size of ceremony this installation has, and who chose it; at most one row."""

    size = models.CharField(max_length=5, choices=[(size.value, size.value) for size in Size])
    chosen_by_name = models.CharField(max_length=200)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(Value(1), name="ceremony_chosen_once")]

    def __str__(self) -> str:
        return self.size


class Session(AbstractBaseSession):
    """One login; knows its person, so that all of somebody's sessions can be ended at once."""

    user_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        db_table = "accounts_session"
