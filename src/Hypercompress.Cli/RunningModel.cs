using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Inference;

namespace Hypercompress.Cli;

/// <summary>An open model with the engine that computes it.</summary>
internal sealed class RunningModel : IDisposable
{
    private RunningModel(OpenModel opened, IntegerDecoder? integer) => (Opened, Integer) = (opened, integer);

    /// <summary>The model.</summary>
    public OpenModel Opened { get; }

    /// <summary>The integer engine; null where libtorch computes.</summary>
    public IntegerDecoder? Integer { get; }

    /// <summary>Opens a model and starts its engine.</summary>
    /// <param name="path">The path that was typed, or null.</param>
    /// <param name="access">Finds and checks models.</param>
    /// <param name="engine">The engine that was asked for.</param>
    /// <param name="threads">The value of <c>--threads</c>, or null.</param>
    /// <param name="terminal">Is told when libtorch computes though nobody asked for it.</param>
    /// <returns>Both; the caller disposes them.</returns>
    public static RunningModel Open(string? path, ModelAccess access, Engine engine, int? threads, Terminal terminal)
    {
        OpenModel opened = ModelOpener.Open(path, access, EngineOption.Packs(engine));
        try
        {
            return new RunningModel(opened, EngineOption.Start(engine, opened.Model.Decoder, threads, terminal));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Integer?.Dispose();
        Opened.Dispose();
    }
}
