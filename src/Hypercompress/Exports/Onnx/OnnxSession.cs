using Hypercompress.Models.Architectures;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>Runs an exported graph with ONNX Runtime, keeping keys and values from one call to the next.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly DecoderConfig _config;
    private readonly InferenceSession _session;
    private readonly List<string> _inputs = ["input_ids", "attention_mask", "position_ids"];
    private readonly List<string> _outputs = ["logits"];
    private readonly List<OrtValue> _past = [];
    private long _length;

    /// <summary>Opens a graph.</summary>
    /// <param name="folder">The exported folder.</param>
    /// <param name="config">The model's sizes.</param>
    public OnnxSession(string folder, DecoderConfig config)
    {
        _config = config;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = get_num_threads(),
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new InferenceSession(OnnxFiles.Find(folder), options);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach (string what in new[] { "key", "value" })
            {
                _inputs.Add($"past_key_values.{layer}.{what}");
                _outputs.Add($"present.{layer}.{what}");
            }
        }

        Restart();
    }

    /// <summary>Forgets all tokens.</summary>
    public void Restart()
    {
        Release();
        _length = 0;
        foreach (string name in _inputs.Skip(3))
        {
            _past.Add(OrtValue.CreateAllocatedTensorValue(
                OrtAllocator.DefaultInstance,
                _session.InputMetadata[name].ElementDataType,
                [1, _config.KeyValueHeads, 0, _config.HeadDimension]));
        }
    }

    /// <summary>Appends tokens.</summary>
    /// <param name="ids">At least one.</param>
    /// <returns>Their logits, float32 [1, tokens, vocabulary]; the caller disposes them.</returns>
    public Tensor Append(ReadOnlySpan<long> ids)
    {
        long[] tokens = ids.ToArray();
        long[] positions = [.. Enumerable.Range((int)_length, tokens.Length).Select(position => (long)position)];
        _length += tokens.Length;
        long[] mask = [.. Enumerable.Repeat(1L, (int)_length)];
        using OrtValue idValue = OrtValue.CreateTensorValueFromMemory(tokens, [1, tokens.Length]);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(mask, [1, mask.Length]);
        using OrtValue positionValue = OrtValue.CreateTensorValueFromMemory(positions, [1, tokens.Length]);
        using var options = new RunOptions();
        IDisposableReadOnlyCollection<OrtValue> results = _session.Run(
            options, _inputs, [idValue, maskValue, positionValue, .. _past], _outputs);
        Release();
        _past.AddRange(results.Skip(1));
        using OrtValue logits = results[0];
        return tensor(
            logits.GetTensorDataAsSpan<float>()
            .ToArray(), [1, tokens.Length, _config.VocabularySize], ScalarType.Float32);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _session.Dispose();
    }

    private void Release()
    {
        _past.ForEach(value => value.Dispose());
        _past.Clear();
    }
}
