using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Hypercompress.Server.Access;

/// <summary>
/// Who may ask: the key, and on a server of this machine alone no page of a strange site that a browser here has open.
/// </summary>
/// <param name="options">The options of the server.</param>
internal sealed class AccessRules(ServerOptions options)
{
    private const string Scheme = "Bearer ";
    private readonly bool _isLocal = options.IsLocal;
    private readonly byte[]? _key = options.Key is null ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.Key));

    /// <summary>Refuses requests that came by another machine's name, as a site that rebinds its name does.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ApiException">It did.</exception>
    public void CheckHost(HttpRequest request)
    {
        string host = request.Host.Host;
        bool isHere = host == "localhost"
            || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));
        if (_isLocal && !isHere)
        {
            throw new ApiException(
                StatusCodes.Status403Forbidden,
                ApiException.InvalidRequest,
                "this server answers to localhost and 127.0.0.1 only",
                code: "host_not_allowed");
        }
    }

    /// <summary>Refuses requests without the key.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="ApiException">It has another key, or none.</exception>
    public void CheckKey(HttpRequest request)
    {
        if (_key is null)
        {
            return;
        }

        string given = request.Headers.Authorization.ToString();
        byte[] key = SHA256.HashData(Encoding.UTF8.GetBytes(
            given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? given[Scheme.Length..].Trim() : ""));
        if (!CryptographicOperations.FixedTimeEquals(key, _key))
        {
            throw new ApiException(
                StatusCodes.Status401Unauthorized,
                ApiException.InvalidRequest,
                "the key is missing or wrong; send it as 'Authorization: Bearer KEY'",
                code: "invalid_api_key");
        }
    }
}
