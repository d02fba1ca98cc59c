using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Hypercompress.TestKit;

/// <summary>
/// A Hub with one model on this machine: it speaks the paths, redirects and headers of the real one. Large files lie in
/// a storage with another address.
/// </summary>
public sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private const string Storage = "/storage/";

    private readonly TcpListener _hub = new(IPAddress.Loopback, 0);
    private readonly TcpListener _storage = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public FakeHub(string model)
    {
        Model = model;
        Start(_hub, isStorage: false);
        Start(_storage, isStorage: true);
    }

    public string Model { get; }

    public string Endpoint => Address(_hub);

    /// <summary>The files by name.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Files that lie in the storage, with their SHA-256 as checksum; the others have Git's.</summary>
    public HashSet<string> Large { get; } = [];

    /// <summary>Checksums that are given instead of the right ones.</summary>
    public Dictionary<string, string> Etags { get; } = [];

    /// <summary>The answer to everything but files in the storage: status, and the Hub's word for the reason.</summary>
    public (int Status, string? Code)? Refusal { get; set; }

    /// <summary>Bytes after which the storage breaks an answer off; once for each entry.</summary>
    public ConcurrentQueue<int> BreakOffs { get; } = new();

    /// <summary>Whether the storage starts at the beginning whatever is asked for.</summary>
    public bool IgnoresRange { get; set; }

    /// <summary>A name that the model had before; it leads to the one it has.</summary>
    public string? FormerModel { get; set; }

    /// <summary>An address that every request to the Hub is redirected to.</summary>
    public string? RedirectsTo { get; set; }

    /// <summary>An address that the former name leads to; null for the model's own.</summary>
    public string? FormerModelLocation { get; set; }

    /// <summary>All requests in order.</summary>
    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    /// <summary>Adds the files of a folder.</summary>
    public void AddFolder(string folder)
    {
        foreach (string path in Directory.GetFiles(folder))
        {
            Files[Path.GetFileName(path)] = File.ReadAllBytes(path);
        }
    }

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _hub.Dispose();
        _storage.Dispose();
        _stop.Dispose();
    }

    private static string Address(TcpListener listener) =>
        string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    private void Start(TcpListener listener, bool isStorage)
    {
        listener.Start();
        CancellationToken stop = _stop.Token;
        _ = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(stop);
                _ = Task.Run(() => Serve(client, isStorage), stop);
            }
        }, stop);
    }

    private void Serve(TcpClient client, bool isStorage)
    {
        using (client)
        using (NetworkStream stream = client.GetStream())
        {
            string[] head = ReadHead(stream);
            if (head.Length == 0)
            {
                return;
            }

            string[] first = head[0].Split(' ');
            Dictionary<string, string> headers = head.Skip(1).Select(line => line.Split(": ", 2))
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
            string? range = headers.GetValueOrDefault("Range");
            var request = new HubRequest(
                first[0],
                Uri.UnescapeDataString(first[1]),
                range is null ? 0 : long.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture),
                headers.GetValueOrDefault("Authorization"),
                isStorage);
            Requests.Enqueue(request);
            Answer(stream, request);
        }
    }

    private static string[] ReadHead(NetworkStream stream)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            int next = stream.ReadByte();
            if (next < 0)
            {
                return [];
            }

            head.Append((char)next);
        }

        return head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    private void Answer(NetworkStream stream, HubRequest request)
    {
        if (request.IsStorage)
        {
            AnswerFromStorage(stream, request, request.Path[Storage.Length..]);
        }
        else if (RedirectsTo is not null)
        {
            Send(stream, 302, [$"Location: {RedirectsTo}"], "");
        }
        else if (Refusal is var (status, code))
        {
            Send(stream, status, code is null ? [] : [$"X-Error-Code: {code}"], "refused"u8);
        }
        else if (FormerModel is not null && request.Path.Contains(FormerModel, StringComparison.Ordinal))
        {
            string location = FormerModelLocation ?? request.Path.Replace(FormerModel, Model, StringComparison.Ordinal);
            Send(stream, 307, [$"Location: {location}"], "");
        }
        else if (request.Path.StartsWith($"/api/models/{Model}/revision/", StringComparison.Ordinal))
        {
            AnswerModel(stream, request.Path.Split('/')[^1]);
        }
        else if (request.Path.StartsWith($"/{Model}/resolve/{Commit}/", StringComparison.Ordinal)
            && Files.ContainsKey(request.Path.Split('/')[^1]))
        {
            AnswerFile(stream, request, request.Path.Split('/')[^1]);
        }
        else
        {
            Send(stream, 404, [], "not found"u8);
        }
    }

    private void AnswerModel(NetworkStream stream, string revision)
    {
        if (revision is not ("main" or "v1" or Commit))
        {
            Send(stream, 404, ["X-Error-Code: RevisionNotFound"], "");
            return;
        }

        var model = new { sha = Commit, siblings = Files.Keys.Select(name => new { rfilename = name }) };
        Send(stream, 200, [], JsonSerializer.SerializeToUtf8Bytes(model));
    }

    private void AnswerFile(NetworkStream stream, HubRequest request, string name)
    {
        byte[] content = Files[name];
        if (Large.Contains(name))
        {
            string etag = Etags.GetValueOrDefault(name) ?? Convert.ToHexStringLower(SHA256.HashData(content));
            Send(stream, 302,
            [
                $"X-Repo-Commit: {Commit}", $"X-Linked-Etag: \"{etag}\"", $"X-Linked-Size: {content.Length}",
                $"Location: {Address(_storage)}{Storage}{name}",
            ], "");
            return;
        }

        byte[] framed = [.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content];
#pragma warning disable CA5350 // Git's own checksum
        string git = Etags.GetValueOrDefault(name) ?? Convert.ToHexStringLower(SHA1.HashData(framed));
#pragma warning restore CA5350
        Send(stream, 200, [$"X-Repo-Commit: {Commit}", $"ETag: \"{git}\""], content, request.Method == "HEAD");
    }

    private void AnswerFromStorage(NetworkStream stream, HubRequest request, string name)
    {
        byte[] content = Files[name];
        int from = IgnoresRange ? 0 : (int)request.Range;
        string[] headers = from > 0 ? [$"Content-Range: bytes {from}-{content.Length - 1}/{content.Length}"] : [];
        int wanted = BreakOffs.TryDequeue(out int bytes) ? Math.Min(bytes, content.Length - from)
            : content.Length - from;
        Send(stream, from > 0 ? 206 : 200, headers, content.AsSpan(from), bodyBytes: wanted);
    }

    private static void Send(
        NetworkStream stream, int status, string[] headers, ReadOnlySpan<byte> body, bool headOnly = false,
        int? bodyBytes = null)
    {
        string[] lines =
        [
            $"HTTP/1.1 {status} Status", .. headers, $"Content-Length: {body.Length}", "Connection: close", "", "",
        ];
        stream.Write(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
        stream.Write(headOnly ? [] : body[..(bodyBytes ?? body.Length)]);
    }

    private static void Send(NetworkStream stream, int status, string[] headers, string body) =>
        Send(stream, status, headers, Encoding.ASCII.GetBytes(body));
}
