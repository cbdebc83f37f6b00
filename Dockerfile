# syntax=docker/dockerfile:1
# Built where the public registries are slow or closed, it takes mirrors instead:
# --build-arg BASE_IMAGE=… DEBIAN_MIRROR=… PIP_INDEX_URL=… (docs/operations.md).
ARG BASE_IMAGE=python:3.13-slim-trixie

FROM ${BASE_IMAGE} AS packages
ARG PIP_INDEX_URL=
# With --build-arg S3=yes, also what files in S3-compatible storage need; SENTRY=yes likewise.
ARG S3=
ARG SENTRY=
WORKDIR /build
# The pins alone, so that a change of the code does not install everything anew.
COPY requirements/base.txt requirements/s3.txt requirements/sentry.txt requirements/solver.txt requirements/
RUN python -m venv --without-pip /opt/summit \
    && pip --python /opt/summit/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r requirements/base.txt ${S3:+-r requirements/s3.txt} ${SENTRY:+-r requirements/sentry.txt} \
    # The solver of meetings: without a wheel for this machine the site runs without it.
    && { pip --python /opt/summit/bin/python install --no-cache-dir --disable-pip-version-check --require-hashes \
            --only-binary :all: -r requirements/solver.txt || echo "Without requirements/solver.txt."; }

FROM ${BASE_IMAGE}
ARG DEBIAN_MIRROR=
# pg_dump and pg_restore of the server's version, for backups.
RUN if [ -n "$DEBIAN_MIRROR" ]; then \
        sed -i "s|https\?://[^/ ]*|$DEBIAN_MIRROR|g" /etc/apt/sources.list.d/debian.sources; \
    fi \
    && apt-get update -q \
    && apt-get install -q -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 summit \
    && useradd --uid 10001 --gid summit --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin summit \
    && install -d -o summit -g summit /data /backups
COPY --from=packages /opt/summit /opt/summit

ENV PATH=/opt/summit/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles
WORKDIR /app
COPY . .
# Hashed, compressed and compiled once, while building; the two values serve no request.
RUN SECRET_KEY=while-building-the-image-and-for-nothing-but-that-0123456789 ALLOWED_HOSTS=while-building DATA_DIR=/tmp/while-building \
        python manage.py collectstatic --noinput --verbosity 0 \
    && python -m compileall -q audit backoffice contacts demo desk events interests mail meetings ops projects registrations staff submissions subscriptions summit throttle website \
    && rm -rf /tmp/while-building

# Everything above belongs to root: the process can write to /data, /backups and /tmp alone.
USER summit
VOLUME ["/data", "/backups"]
EXPOSE 8000
CMD ["scripts/start-web"]
