using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server.Replies;

/// <summary>A reply as server-sent events; it begins with the first event.</summary>
/// <param name="response">Where it goes.</param>
internal sealed class EventStream(HttpResponse response)
{
    private bool _begun;

    /// <summary>Whether an event was sent, after which the status cannot change.</summary>
    public bool HasBegun => _begun;

    /// <summary>Sends an object.</summary>
    /// <param name="content">The object.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>When it is sent.</returns>
    public Task SendAsync(JsonObject content, CancellationToken cancellation) =>
        SendAsync(content.ToJsonString(PlainJson.Compact), cancellation);

    /// <summary>Says that nothing more comes.</summary>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>When it is sent.</returns>
    public Task EndAsync(CancellationToken cancellation) => SendAsync("[DONE]", cancellation);

    private async Task SendAsync(string data, CancellationToken cancellation)
    {
        if (!_begun)
        {
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
            _begun = true;
        }

        await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {data}\n\n"), cancellation);
        await response.Body.FlushAsync(cancellation);
    }
}
