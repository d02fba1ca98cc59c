using System.Globalization;
using System.Net;
using Hypercompress.Models.Errors;

namespace Hypercompress.Server;

/// <summary>Where a server listens, who may use it, and how much it takes on.</summary>
public sealed record ServerOptions
{
    private const int LargestPort = 65_535;
    private const int MostParallel = 256;
    private const int MostWaiting = 100_000;

    /// <summary>
    /// The address that is listened on; <c>127.0.0.1</c>, which only this machine reaches, unless stated.
    /// </summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The port, 0 to 65535; 0 takes a free one. 8080 unless stated.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>The key that requests have to carry as a bearer token; null (the default) for none.</summary>
    public string? Key { get; init; }

    /// <summary>
    /// Generations that run at the same time, 1 to 256; 4 unless stated. The integer engine decodes them together; each
    /// has keys and values of its own in memory.
    /// </summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Requests that may wait for their turn, 0 to 100,000; 32 unless stated. More are refused.</summary>
    public int Waiting { get; init; } = 32;

    /// <summary>Whether only this machine reaches the server.</summary>
    /// <exception cref="ConfigurationException"><see cref="Host"/> is no address.</exception>
    public bool IsLocal => IPAddress.IsLoopback(Address);

    /// <summary>The address as numbers.</summary>
    /// <exception cref="ConfigurationException">It is no address.</exception>
    internal IPAddress Address => Host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? address) ? address
        : throw new ConfigurationException(
            $"host {Host}: is not an address; give one such as 127.0.0.1, or 0.0.0.0 for all networks");

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public void Validate()
    {
        _ = Address;
        Require("port", Port, 0, LargestPort);
        Require("parallel", Parallel, 1, MostParallel);
        Require("queue", Waiting, 0, MostWaiting);
        if (Key is { } key && (key.Length == 0 || key.Any(letter => letter is <= ' ' or > '~')))
        {
            throw new ConfigurationException("the key must be printable ASCII without spaces, and not empty");
        }
    }

    private static void Require(string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture, $"{name} must be from {least} to {most}, found {value}"));
        }
    }
}
