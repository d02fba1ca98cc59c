using Hypercompress.Models.Errors;

namespace Hypercompress.Targets;

/// <summary>The runtimes that models are compressed for.</summary>
public static class RuntimeTargets
{
    /// <summary>The name of this program's own runtime.</summary>
    public const string OwnName = "self";

    /// <summary>This program's own runtime.</summary>
    public static RuntimeTarget Own { get; } = new OwnRuntime();

    /// <summary>All of them. A new one takes its class and a place here.</summary>
    public static IReadOnlyList<RuntimeTarget> All { get; } =
        [Own, new GgufRuntime(), new OnnxRuntime(), new HuggingFaceRuntime(), new VllmRuntime()];

    /// <summary>Finds a runtime.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The runtime.</returns>
    /// <exception cref="ConfigurationException">There is none of that name.</exception>
    public static RuntimeTarget Find(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ConfigurationException(
            $"targets.runtime: there is no runtime '{name}'; known are "
            + string.Join(", ", All.Select(target => target.Name)));
}
