using Hypercompress.Models.Packages;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Scoring;

/// <summary>SmolLM2-135M, loaded once for a class of tests; they skip where it is not at hand.</summary>
public sealed class SmolModel : IDisposable
{
    private readonly Lazy<LanguageModel> _model = new(Load);

    public LanguageModel Model => _model.Value;

    public void Dispose()
    {
        if (_model.IsValueCreated)
        {
            _model.Value.Dispose();
        }
    }

    private static LanguageModel Load()
    {
        using ModelPackage package = ModelPackage.Open(
            SharedFiles.Require("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf"));
        return LanguageModel.Load(package);
    }
}
