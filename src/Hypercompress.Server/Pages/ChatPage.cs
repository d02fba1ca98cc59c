using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server.Pages;

/// <summary>The page to talk to the model: one file that loads nothing but the answers.</summary>
internal static class ChatPage
{
    private static readonly string Script = Read("chat.js");
    private static readonly string Style = Read("chat.css");

    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        Read("chat.html")
            .Replace("/*style*/", Style, StringComparison.Ordinal)
            .Replace("/*script*/", Script, StringComparison.Ordinal));

    private static readonly string Policy =
        $"default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; "
        + $"frame-ancestors 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}";

    /// <summary>Sends the page.</summary>
    /// <param name="context">The request and its reply.</param>
    /// <returns>When it is sent.</returns>
    public static async Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = Policy;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await context.Response.Body.WriteAsync(Page, context.RequestAborted);
    }

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Read(string resource)
    {
        using Stream content = typeof(ChatPage).Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(content);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
