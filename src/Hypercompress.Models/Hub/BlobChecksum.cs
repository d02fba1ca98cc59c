using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Hypercompress.Models.Hub;

/// <summary>Checks that a content is the one that its name promises.</summary>
internal sealed class BlobChecksum : IDisposable
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;

    private readonly IncrementalHash? _hash;
    private readonly string _etag;

    /// <param name="etag">
    /// SHA-256 (64 digits) or the name that Git gives a blob (40 digits); with another, only the size can be checked.
    /// </param>
    /// <param name="size">Length of the content in bytes.</param>
    public BlobChecksum(string etag, long size)
    {
        _etag = etag;
        bool hexadecimal = etag.All(char.IsAsciiHexDigitLower);
        _hash = (hexadecimal, etag.Length) switch
        {
            (true, Sha256Digits) => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            (true, GitDigits) => IncrementalHash.CreateHash(HashAlgorithmName.SHA1),
            _ => null,
        };
        if (hexadecimal && etag.Length == GitDigits)
        {
            _hash!.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {size}\0")));
        }
    }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _hash?.AppendData(bytes);

    /// <summary>The checksum where it differs from the promised one; null where all is well.</summary>
    public string? Mismatch()
    {
        string? found = _hash is null ? null : Convert.ToHexStringLower(_hash.GetHashAndReset());
        return found == _etag ? null : found;
    }

    public void Dispose() => _hash?.Dispose();
}
