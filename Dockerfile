# irqlint in an image: docker build -t irqlint . && docker run --rm -v "$PWD:/src" irqlint check /src --no-db
FROM debian:12 AS build
COPY . /irqlint
RUN /irqlint/scripts/setup.sh \
    && apt-get install -y --no-install-recommends dpkg-dev \
    && cd /irqlint && rm -rf build && cmake --preset release && cmake --build --preset release \
    && cpack --config build/release/CPackConfig.cmake -B /package

FROM debian:12-slim
COPY --from=build /package/*.deb /tmp/
RUN apt-get update -q && apt-get install -q -y --no-install-recommends /tmp/*.deb git \
    && rm -rf /var/lib/apt/lists/* /tmp/*.deb
WORKDIR /src
ENTRYPOINT ["irqlint"]
