using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server.Replies;

/// <summary>Replies of one JSON object.</summary>
internal static class JsonReply
{
    /// <summary>Sends an object.</summary>
    /// <param name="response">Where it goes.</param>
    /// <param name="content">The object.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>When it is sent.</returns>
    public static async Task SendAsync(HttpResponse response, JsonObject content, CancellationToken cancellation)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content.ToJsonString(PlainJson.Compact));
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellation);
    }

    /// <summary>Sends an error with its status.</summary>
    /// <param name="response">Where it goes.</param>
    /// <param name="problem">What the client is told.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>When it is sent.</returns>
    public static Task SendErrorAsync(HttpResponse response, ApiException problem, CancellationToken cancellation)
    {
        response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status429TooManyRequests)
        {
            response.Headers.RetryAfter = "1";
        }

        if (problem.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return SendAsync(response, ErrorReply.ToJson(problem), cancellation);
    }
}
