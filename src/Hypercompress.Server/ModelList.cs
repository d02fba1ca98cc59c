using System.Text.Json.Nodes;
using Hypercompress.Models.Generation;
using Hypercompress.Server.Replies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Hypercompress.Server;

/// <summary>Says what the server has.</summary>
/// <param name="engine">The model.</param>
/// <param name="encoder">Knows whether it takes messages.</param>
/// <param name="clock">For the time of the start.</param>
internal sealed class ModelList(ITextEngine engine, ChatEncoder encoder, TimeProvider clock)
{
    private readonly long _started = clock.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Sends the list of the one model.</summary>
    /// <param name="context">The request and its reply.</param>
    /// <returns>When it is sent.</returns>
    public Task SendAllAsync(HttpContext context) => JsonReply.SendAsync(
        context.Response,
        new JsonObject { ["object"] = "list", ["data"] = new JsonArray(Entry()) },
        context.RequestAborted);

    /// <summary>Sends the model that the address names.</summary>
    /// <param name="context">The request and its reply.</param>
    /// <returns>When it is sent.</returns>
    public Task SendOneAsync(HttpContext context)
    {
        string? name = context.GetRouteValue("name") as string;
        return name == engine.Name
            ? JsonReply.SendAsync(context.Response, Entry(), context.RequestAborted)
            : throw new ApiException(
                StatusCodes.Status404NotFound,
                ApiException.InvalidRequest,
                $"there is no model '{name}' here; this server has '{engine.Name}'",
                "model",
                "model_not_found");
    }

    /// <summary>Says that the server answers.</summary>
    /// <param name="context">The request and its reply.</param>
    /// <returns>When it is sent.</returns>
    public Task SendHealthAsync(HttpContext context) =>
        JsonReply.SendAsync(context.Response, new JsonObject { ["status"] = "ok" }, context.RequestAborted);

    private JsonObject Entry() => new()
    {
        ["id"] = engine.Name,
        ["object"] = "model",
        ["created"] = _started,
        ["owned_by"] = "hypercompress",
        ["context_length"] = engine.MaxContext,
        ["has_chat_template"] = encoder.HasTemplate,
    };
}
