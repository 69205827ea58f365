# Three images from one file: api, training (TensorFlow), build (ARM compiler and emulator).
#   docker compose build
# Nothing here runs as root, and no container sees the Docker socket.

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 UV_LINK_MODE=copy UV_PROJECT_ENVIRONMENT=/opt/venv \
    PATH=/opt/venv/bin:$PATH MOTE_DATA_DIR=/data
RUN pip install --no-cache-dir uv==0.13.8 \
    && apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 mote && mkdir /data /app && chown mote:mote /data /app
WORKDIR /app
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --no-install-project
COPY mote mote
COPY backend backend
COPY worker worker
COPY firmware firmware
COPY alembic alembic
COPY alembic.ini ./
RUN uv sync --frozen --no-dev && python -m mote.native build --host && chown -R mote:mote build

FROM base AS wasm
RUN apt-get update && apt-get install -y --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32
RUN mkdir -p frontend/public && python -m mote.native build --wasm

FROM node:22-bookworm-slim AS frontend
WORKDIR /app/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
COPY --from=wasm /app/frontend/public/native public/native
RUN npm run build

FROM base AS api
COPY --from=frontend /app/frontend/build frontend/build
USER mote
EXPOSE 8000

FROM base AS training
RUN uv sync --frozen --no-dev --extra training
USER mote

FROM base AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
      gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm && rm -rf /var/lib/apt/lists/*
USER mote
