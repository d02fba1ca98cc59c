using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server.Replies;

/// <summary>Errors as clients of the API read them.</summary>
internal static class ErrorReply
{
    /// <summary>Explains a failure; what is not the client's to mend says nothing of the program's insides.</summary>
    /// <param name="problem">The failure.</param>
    /// <returns>What the client is told.</returns>
    public static ApiException Explain(Exception problem) => problem switch
    {
        ApiException known => known,
        ConfigurationException or CheckpointException => ApiException.Invalid(null, problem.Message),
        BadHttpRequestException bad => new ApiException(bad.StatusCode, ApiException.InvalidRequest, bad.Message),
        NumericalException => new ApiException(500, "server_error", problem.Message),
        _ => new ApiException(500, "server_error", $"the server failed ({problem.GetType().Name}); see its log"),
    };

    /// <summary>The error object.</summary>
    /// <param name="problem">What the client is told.</param>
    /// <returns>An object with the one member <c>error</c>.</returns>
    public static JsonObject ToJson(ApiException problem) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = problem.Message,
            ["type"] = problem.Type,
            ["param"] = problem.Parameter,
            ["code"] = problem.Code,
        },
    };
}
