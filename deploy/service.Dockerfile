# One recipe for the three services: docker build -f deploy/service.Dockerfile --build-arg SERVICE=catalog .
# The image runs the web process; with the argument "worker" it runs the worker.
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin vetted
WORKDIR /app
ARG SERVICE=auth
COPY ${SERVICE}-service/requirements.lock ./
RUN pip install --quiet --no-cache-dir --require-hashes --requirement requirements.lock

# Loads the demo data once, then ends.
FROM base AS demo
RUN install --directory --owner=vetted --group=vetted /state
COPY deploy/__init__.py deploy/
COPY deploy/demo deploy/demo
USER 10001:10001
CMD ["python", "-m", "deploy.demo"]

FROM base AS service
ARG SERVICE=auth
COPY servicekit servicekit
COPY ${SERVICE}-service/${SERVICE}_service ${SERVICE}_service
# The file system is read-only at run time: compile now.
RUN python -m compileall -q servicekit "${SERVICE}_service"
# catalog-service's index for searches; a volume that is mounted here takes its owner from it.
RUN install --directory --owner=vetted --group=vetted /search
ENV SERVICE=${SERVICE} \
    BIND=0.0.0.0:8000
EXPOSE 8000
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["sh", "-c", "exec python -m servicekit \"$0\" \"${SERVICE}_service\""]
CMD ["web"]
