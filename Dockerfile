# privnum serve, for a shared stand-in or a compose file. docs/security.md says who can reach what.
#
#   docker build --tag privnum .
#   docker run --rm --publish 127.0.0.1:8080:8080 --env PRIVNUM_CONTROL_TOKEN privnum
#
# --build-arg EXTRA=suites makes an image that also has `privnum check`, EXTRA=postgres one whose servers can share a state.

FROM python:3.12.8-slim-bookworm AS build
ARG EXTRA=server
WORKDIR /source
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY contracts contracts
COPY mockserver mockserver
COPY suites suites
COPY src src
RUN python -m venv /opt/privnum \
    && /opt/privnum/bin/pip install --no-cache-dir --constraint constraints.txt ".[${EXTRA}]"

FROM python:3.12.8-slim-bookworm
COPY --from=build /opt/privnum /opt/privnum
ENV PATH=/opt/privnum/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=5s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/_privnum/health', timeout=3)"]
ENTRYPOINT ["privnum"]
# In a container every address is the container's own; which of them others reach is said where its port is published.
# So the control plane needs a token: $PRIVNUM_CONTROL_TOKEN, or the one that is drawn and printed.
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
