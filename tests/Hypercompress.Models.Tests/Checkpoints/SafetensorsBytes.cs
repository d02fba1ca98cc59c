using System.Text;

namespace Hypercompress.Models.Tests.Checkpoints;

/// <summary>Makes safetensors files by hand.</summary>
internal static class SafetensorsBytes
{
    public static byte[] Make(string header, params byte[] data) => Make(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Make(byte[] header, params byte[] data) =>
        [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. data];
}
