using System.Text;

namespace Hypercompress.Models.Checkpoints;

/// <summary>Text in checkpoints: UTF-8 that is refused, not repaired, when it is malformed.</summary>
internal static class StrictUtf8
{
    /// <summary>UTF-8 without a byte order mark that throws at what is malformed.</summary>
    public static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
