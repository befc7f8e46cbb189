# Builds every image at once, with the work they share done once. deploy/Dockerfile says what is in them.
#   docker buildx bake                      # all, for this machine
#   docker buildx bake carts shop           # some
#   PLATFORMS=linux/amd64,linux/arm64 docker buildx bake --push --sbom=true --provenance=mode=max
# npm's settings and your certificate authority are read from NPMRC and COMPANY_CA of the shell, as secrets, which no layer keeps.

variable "REGISTRY" {
  default = "sock-shop"
}
variable "VERSION" {
  default = "1.0.0"
}
# Where the source is, and the commit.
variable "SOURCE" {
  default = ""
}
variable "REVISION" {
  default = ""
}
# Separated by commas; empty: that of this machine.
variable "PLATFORMS" {
  default = ""
}

group "default" {
  targets = ["service", "shop", "loadtest"]
}

target "image" {
  context    = "."
  dockerfile = "deploy/Dockerfile"
  platforms  = PLATFORMS == "" ? [] : split(",", PLATFORMS)
  secret     = ["type=env,id=npmrc,env=NPMRC", "type=env,id=ca,env=COMPANY_CA"]
  labels = {
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.source"   = SOURCE
    "org.opencontainers.image.revision" = REVISION
  }
}

target "service" {
  inherits = ["image"]
  name     = service
  matrix = {
    service = ["front-end", "catalogue", "carts", "orders", "payment", "user", "shipping", "queue-master"]
  }
  args = {
    FOLDER = "services/${service}"
  }
  tags = ["${REGISTRY}/${service}:${VERSION}"]
}

target "shop" {
  inherits = ["image"]
  target   = "shop"
  tags     = ["${REGISTRY}/shop:${VERSION}"]
}

target "loadtest" {
  inherits = ["image"]
  target   = "loadtest"
  tags     = ["${REGISTRY}/loadtest:${VERSION}"]
}
