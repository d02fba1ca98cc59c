# The program with all it needs; models and results are mounted:
# docker run --rm --volume ./models:/models hypercompress compress /models/MODEL --out /models/small
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/Hypercompress.Cli -r linux-x64 --self-contained false --output /program

# The server of the command line needs the shared framework of ASP.NET Core.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
COPY --from=build /program /program
# Artifacts that are made without --out appear here.
WORKDIR /models
# Reachable only through a port that is published: serve needs --host 0.0.0.0 and --key-file then.
EXPOSE 8080
ENTRYPOINT ["/program/Hypercompress.Cli"]
