namespace Hypercompress.Models.Architectures;

/// <summary>A number or truth value that GGUF files of a family have.</summary>
/// <param name="Name">Its key without the architecture in front.</param>
/// <param name="ConfigName">What <c>config.json</c> calls it.</param>
/// <param name="ZeroMeansNone">Whether 0 stands for an absent value.</param>
public sealed record GgufKey(string Name, string ConfigName, bool ZeroMeansNone = false);
