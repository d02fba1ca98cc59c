using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands.Serving;

public sealed class ServeCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public async Task Serve_AnswersUntilItIsStopped()
    {
        using var stop = new CancellationTokenSource();
        using var results = new StringWriter();
        using var said = new SignallingWriter("Ctrl-C stops the server");
        Task<int> serving = Task.Run(
            () => CommandLine.Run(
                ["serve", workspace.Model, "--port", "0", "--json", "--threads", "1"], results, said, stop.Token),
            TestContext.Current.CancellationToken);
        await said.Seen.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        JsonNode document = JsonNode.Parse(results.ToString())!;
        using var client = new HttpClient { BaseAddress = new Uri((string)document["url"]!) };

        string health = await client.GetStringAsync(
            new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken);
        await stop.CancelAsync();

        Assert.Equal("""{"status":"ok"}""", health);
        Assert.Equal("tiny", (string?)document["model"]);
        Assert.Equal(0, await serving);
    }

    [Fact]
    public void Serve_OnAPortThatIsTaken_SaysSoBeforeAnythingElse()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        CliResult run = Workspace.Run("serve", workspace.Model, "--port", port, "--threads", "1").Expect(
            ExitCode.Usage,
            $"error: cannot listen on 127.0.0.1, port {port}: another program listens there; give another port, or 0");

        Assert.DoesNotContain("decode", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_OnAllNetworks_NamesAnAddressThatCanBeOpened()
    {
        using var stop = new CancellationTokenSource();
        using var results = new StringWriter();
        using var said = new SignallingWriter("Ctrl-C stops the server");
        string[] serve = ["serve", workspace.Model, "--host", "0.0.0.0", "--port", "0", "--parallel", "1", "--json"];
        Task<int> serving = Task.Run(
            () => CommandLine.Run(serve, results, said, stop.Token), TestContext.Current.CancellationToken);
        await said.Seen.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        var address = new Uri((string)JsonNode.Parse(results.ToString())!["url"]!);
        using var client = new HttpClient { BaseAddress = address };

        await client.GetStringAsync(new Uri("health", UriKind.Relative), TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await serving;

        Assert.Equal("localhost", address.Host);
        Assert.Contains(
            $"served at {address} (API at {address}v1), and at all other addresses", said.ToString(),
            StringComparison.Ordinal);
        Assert.Matches(
            @"one request decodes at a time; keys and values take [1-9]\d* B a token, at most [1-9]\d*\.\d kB a request",
            said.ToString());
    }

    [Theory]
    [InlineData("--port", "70000", "error: --port 70000: must be from 0 to 65535")]
    [InlineData("--parallel", "0", "error: --parallel 0: must be from 1 to 256")]
    [InlineData("--queue", "-1", "error: --queue -1: must be from 0 to 100000")]
    [InlineData("--host", "example", "error: --host example: is not an address")]
    public void Serve_OptionOutOfRange_IsRefusedBeforeTheModelIsRead(string option, string value, string message) =>
        Workspace.Run("serve", workspace.Of("no-model"), option, value).Expect(ExitCode.Usage, message);

    [Fact]
    public void Serve_EmptyKeyFile_IsRefused() =>
        Workspace.Run("serve", workspace.Model, "--key-file", workspace.Write("key.txt", "\n"))
            .Expect(ExitCode.Usage, "the key must be printable ASCII");
}
