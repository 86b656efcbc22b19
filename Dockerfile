FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /casegraph ./cmd/server && mkdir /empty

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /casegraph /casegraph
# A new volume takes its owner from here.
COPY --from=build --chown=nonroot:nonroot /empty /data
ENV CASEGRAPH_DATA=/data CASEGRAPH_LISTEN=:8080
VOLUME /data
# Where commands leave what they write, such as the rows that an import rejects.
WORKDIR /data
EXPOSE 8080
ENTRYPOINT ["/casegraph"]
CMD ["serve"]
