using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>The address of the Hub, the folder of its cache, and what may be requested.</summary>
/// <param name="Endpoint">Address of the Hub.</param>
/// <param name="CacheFolder">Folder of the cache, in the layout that all of the Hub's tools share.</param>
/// <param name="Token">Sent to the Hub, and to nobody else; null for none.</param>
/// <param name="Offline">Whether nothing may be fetched.</param>
public sealed record HubSettings(Uri Endpoint, string CacheFolder, string? Token, bool Offline)
{
    private static readonly string[] Yes = ["1", "true", "yes", "on"];

    /// <summary>
    /// Reads <c>HF_ENDPOINT</c>, <c>HF_HUB_CACHE</c>, <c>HF_HOME</c>, <c>XDG_CACHE_HOME</c>, <c>HF_TOKEN</c> and
    /// <c>HF_HUB_OFFLINE</c>.
    /// </summary>
    /// <param name="variable">Gives the value of an environment variable, or null.</param>
    /// <returns>The settings; what is not set is as the Hub's own tools have it.</returns>
    /// <exception cref="ConfigurationException"><c>HF_ENDPOINT</c> is not an http address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        string? Set(string name) => variable(name) is { } value && value.Trim().Length > 0 ? value.Trim() : null;
        string address = Set("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? endpoint)
            || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
        {
            throw new ConfigurationException($"HF_ENDPOINT is '{address}', expected an address such as https://host");
        }

        string home = Set("HF_HOME") ?? Path.Combine(
            Set("XDG_CACHE_HOME") ?? Path.Combine(
                Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "huggingface");
        return new HubSettings(
            endpoint,
            Set("HF_HUB_CACHE") ?? Set("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Set("HF_TOKEN"),
            Yes.Contains(Set("HF_HUB_OFFLINE"), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The settings without the token, which is shown to nobody.</summary>
    /// <returns>A line for messages.</returns>
    public override string ToString() => $"{Endpoint} in {CacheFolder}{(Offline ? ", offline" : "")}";
}
