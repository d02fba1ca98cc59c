using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>Requests to the Hub. The token goes to the Hub itself and to no address that it redirects to.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostListBytes = 64 << 20;
    private const long LargestFile = 1L << 46;

    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(60);

    private readonly HubSettings _settings;
    private readonly HubModelId _id;
    private readonly HttpClient _http;
    private readonly CancellationToken _cancellation;

    public HubClient(HubSettings settings, HubModelId id, CancellationToken cancellation)
    {
        (_settings, _id, _cancellation) = (settings, id, cancellation);
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = ConnectTime };
        _http = new HttpClient(handler) { Timeout = AnswerTime, MaxResponseContentBufferSize = MostListBytes };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("hypercompress", null));
    }

    /// <summary>The commit that the revision is, and the names of its files.</summary>
    /// <exception cref="CheckpointException">The Hub cannot be reached, refuses, or does not know the
    /// model.</exception>
    public HubRevision ReadModel()
    {
        Uri address = Address($"api/models/{_id.Repository}/revision/{Uri.EscapeDataString(_id.Revision)}");
        using HttpResponseMessage answer = Send(HttpMethod.Get, address, 0, followsAll: true);
        Expect(answer, HttpStatusCode.OK);
        byte[] content = Guard(
            address, () => answer.Content.ReadAsByteArrayAsync(_cancellation).GetAwaiter().GetResult());
        JsonObject model = JsonFile.ParseObject(address.ToString(), content);
        if (Text(model["sha"]) is not { } commit || !HubModelId.IsCommitName(commit)
            || model["siblings"] is not JsonArray siblings)
        {
            throw new CheckpointException(address.ToString(), "does not give a commit ('sha') and files ('siblings')");
        }

        return new HubRevision(
            commit, [.. siblings.OfType<JsonObject>().Select(file => Text(file["rfilename"])).OfType<string>()]);
    }

    /// <summary>Asks the Hub about a file.</summary>
    /// <exception cref="CheckpointException">The Hub cannot be reached, refuses, or says too little.</exception>
    public HubFile ReadHeaders(string commit, string name)
    {
        Uri address = FileAddress(commit, name);
        using HttpResponseMessage answer = Send(HttpMethod.Head, address, 0, followsAll: false);
        if (!IsRedirect(answer))
        {
            Expect(answer, HttpStatusCode.OK);
        }

        string? etag = (Header(answer, "X-Linked-Etag") ?? Header(answer, "ETag"))?
            .Replace("W/", "", StringComparison.Ordinal).Trim('"');
        string? size = Header(answer, "X-Linked-Size")
            ?? answer.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture);
        bool known = long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes);
        bool safe = etag is { Length: > 0 and <= 128 }
            && etag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        return known && safe && bytes <= LargestFile
            ? new HubFile(name, commit, etag!, bytes)
            : throw new CheckpointException(
                address.ToString(), $"has no checksum and size that can be used: ETag '{etag}', size '{size}'");
    }

    /// <summary>Fetches a file, from its start or from a later byte.</summary>
    /// <param name="file">The file.</param>
    /// <param name="start">The first byte that is wanted.</param>
    /// <param name="from">
    /// The first byte that comes: <paramref name="start"/>, or 0 where the server does not resume.
    /// </param>
    /// <returns>The answer; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">The Hub cannot be reached or refuses.</exception>
    public HttpResponseMessage Fetch(HubFile file, long start, out long from)
    {
        HttpResponseMessage answer = Send(HttpMethod.Get, FileAddress(file.Commit, file.Name), start, followsAll: true);
        bool resumes = answer.StatusCode == HttpStatusCode.PartialContent
            && answer.Content.Headers.ContentRange?.From == start;
        from = resumes ? start : 0;
        if (!resumes)
        {
            Expect(answer, HttpStatusCode.OK);
        }

        return answer;
    }

    /// <summary>A file of the model as messages name it.</summary>
    public string NameOf(HubFile file) => $"{_id}/{file.Name}";

    public void Dispose() => _http.Dispose();

    private static string? Text(JsonNode? node) =>
        (node as JsonValue)?.TryGetValue(out string? text) == true ? text : null;

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    private static bool IsRedirect(HttpResponseMessage answer) =>
        (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is not null;

    private Uri Address(string path) => new($"{_settings.Endpoint.ToString().TrimEnd('/')}/{path}");

    private Uri FileAddress(string commit, string name) =>
        Address($"{_id.Repository}/resolve/{commit}/{Uri.EscapeDataString(name)}");

    /// <summary>
    /// Sends a request and follows redirects; where not all are followed, those of the Hub to itself are (a model that
    /// has a new name), and the first one away from it is the answer.
    /// </summary>
    private HttpResponseMessage Send(HttpMethod method, Uri address, long start, bool followsAll)
    {
        for (int redirects = 0; redirects <= MostRedirects; redirects++)
        {
            HttpResponseMessage answer = SendOnce(method, address, start);
            if (!IsRedirect(answer))
            {
                return answer;
            }

            Uri next = Target(address, answer);
            if (!followsAll && (!IsHub(next) || Header(answer, "X-Linked-Etag") is not null))
            {
                return answer;
            }

            answer.Dispose();
            RequireAllowed(address, next);
            address = next;
        }

        throw new CheckpointException(_id.ToString(), $"{address} redirects more than {MostRedirects} times");
    }

    private Uri Target(Uri address, HttpResponseMessage answer) =>
        Uri.TryCreate(address, answer.Headers.Location, out Uri? next)
            ? next
            : throw new CheckpointException(
                _id.ToString(), $"{address} leads to '{answer.Headers.Location}', which is not an address");

    private void RequireAllowed(Uri address, Uri next)
    {
        if (address.Scheme == Uri.UriSchemeHttps && next.Scheme != Uri.UriSchemeHttps)
        {
            throw new CheckpointException(
                _id.ToString(), $"{address} leads to an address without encryption, {next}");
        }

        if (next.Scheme != Uri.UriSchemeHttp && next.Scheme != Uri.UriSchemeHttps)
        {
            throw new CheckpointException(_id.ToString(), $"{address} leads to {next}, which is not an http address");
        }
    }

    private HttpResponseMessage SendOnce(HttpMethod method, Uri address, long start) => Guard(address, () =>
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.AcceptEncoding.ParseAdd("identity");
        request.Headers.Range = start > 0 ? new RangeHeaderValue(start, null) : null;
        if (_settings.Token is { } token && IsHub(address))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return _http.Send(request, HttpCompletionOption.ResponseHeadersRead, _cancellation);
    });

    private bool IsHub(Uri address) => address.Scheme == _settings.Endpoint.Scheme
        && address.Authority.Equals(_settings.Endpoint.Authority, StringComparison.OrdinalIgnoreCase);

    private T Guard<T>(Uri address, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException
            || (problem is TaskCanceledException && !_cancellation.IsCancellationRequested))
        {
            throw new CheckpointException(_id.ToString(), $"cannot be fetched from {address.Host}: {problem.Message}. "
                + "Check the connection, or give --offline to use what is in the cache", problem);
        }
    }

    private void Expect(HttpResponseMessage answer, HttpStatusCode wanted)
    {
        if (answer.StatusCode == wanted)
        {
            return;
        }

        using (answer)
        {
            throw new CheckpointException(_id.ToString(), Refusal(answer));
        }
    }

    private string Refusal(HttpResponseMessage answer)
    {
        string page = $"{_settings.Endpoint.ToString().TrimEnd('/')}/{_id.Repository}";
        string token = _settings.Token is null ? "set HF_TOKEN" : "see whether the token in HF_TOKEN may read it";
        string reason =
            Header(answer, "X-Error-Code") ?? Header(answer, "X-Error-Message") ?? answer.ReasonPhrase ?? "";
        return (answer.StatusCode, reason) switch
        {
            (_, "GatedRepo") => $"is gated: accept its conditions at {page} and {token}",
            (_, "RevisionNotFound") => $"has no revision '{_id.Revision}'",
            (HttpStatusCode.Unauthorized, _) => "is private or gated, or there is no such model: check the name, "
                + $"accept its conditions at {page}, and {token}",
            (HttpStatusCode.Forbidden, _) => $"may not be read: accept its conditions at {page} and {token}",
            (HttpStatusCode.NotFound, _) => $"is not there: {answer.RequestMessage?.RequestUri} does not exist",
            _ => $"cannot be fetched: {answer.RequestMessage?.RequestUri} answers {(int)answer.StatusCode} {reason}",
        };
    }
}
