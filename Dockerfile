FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/app/staticfiles

WORKDIR /app

# The pins first, so that a change of the code does not install everything anew.
# With --build-arg S3=yes, also what private files in S3-compatible storage need.
ARG S3=
COPY requirements/base.txt requirements/s3.txt requirements/
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r requirements/base.txt ${S3:+-r requirements/s3.txt}

COPY . .

# Hashed and compressed once, while building; the two values serve no request.
RUN SECRET_KEY=while-building ALLOWED_HOSTS=while-building \
    python manage.py collectstatic --noinput --verbosity 0

RUN useradd --system --uid 10001 --no-create-home summit \
    && mkdir -p /data \
    && chown -R summit:summit /data
USER summit
VOLUME /data

EXPOSE 8000
CMD ["scripts/start-web"]
