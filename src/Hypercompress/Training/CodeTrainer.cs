using System.Globalization;
using Hypercompress.Forms;
using Hypercompress.Journal;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Training;

/// <summary>Trains the codes of all matrices of a model together.</summary>
internal sealed class CodeTrainer : IDisposable
{
    private const int RecountEvery = 20;
    private const string Kept = "code_steps";
    private readonly List<CodeTraining> _blocks = [];
    private int _steps;

    /// <summary>Starts the training of every block that has codes that train.</summary>
    /// <param name="model">The model.</param>
    public CodeTrainer(DecoderModel model)
    {
        foreach (FormMatrix matrix in model.Slots.Select(slot => slot.Matrix).OfType<FormMatrix>())
        {
            _blocks.AddRange(matrix.StoredBlocks.Select(block => block.TrainCodes()).OfType<CodeTraining>());
        }
    }

    /// <summary>Whether no block trains.</summary>
    public bool IsEmpty => _blocks.Count == 0;

    /// <summary>Whether codes move, and not only their scales.</summary>
    public bool MovesCodes => _blocks.Exists(block => block.MovesCodes);

    /// <summary>The learning rates of codes and scales where the options leave them open.</summary>
    /// <param name="divergence">See <see cref="CodeTraining.DefaultRates"/>.</param>
    public CodeStep DefaultRates(double divergence) =>
        _blocks.Count == 0 ? new CodeStep(0, 0) : _blocks[0].DefaultRates(divergence);

    /// <summary>What trains, with its gradients; owned by the blocks.</summary>
    public IEnumerable<Tensor> Leaves => _blocks.SelectMany(block => block.Leaves);

    /// <summary>Whether every block can keep its state.</summary>
    public bool CanKeep => _blocks.TrueForAll(block =>
    {
        using var scope = NewDisposeScope();
        return block.State() is not null;
    });

    /// <summary>Writes the state of all blocks into an entry.</summary>
    /// <param name="draft">Receives it.</param>
    public void Keep(EntryDraft draft)
    {
        draft.Document[Kept] = _steps;
        foreach ((int index, CodeTraining block) in _blocks.Index())
        {
            draft.Tensors.AddRange(block.State()!.Select(
                pair => TensorToWrite.From($"{Prefix(index)}{pair.Key}", pair.Value)));
        }
    }

    /// <summary>Takes the state of all blocks from an entry.</summary>
    /// <param name="entry">The entry.</param>
    public void GoOn(JournalEntry entry)
    {
        _steps = entry.Get<int>(Kept);
        foreach ((int index, CodeTraining block) in _blocks.Index())
        {
            using var scope = NewDisposeScope();
            string prefix = Prefix(index);
            block.GoOn(entry.Tensors.Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .ToDictionary(name => name[prefix.Length..], entry.Tensors.Read, StringComparer.Ordinal));
        }
    }

    private static string Prefix(int index) => string.Create(CultureInfo.InvariantCulture, $"code.{index}.");

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (Tensor leaf in Leaves)
        {
            leaf.grad?.zero_();
        }
    }

    /// <summary>Whether every gradient is finite.</summary>
    public bool IsFinite()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Leaves.All(leaf => leaf.grad is not { } gradient || float.IsFinite(gradient.sum().item<float>()));
    }

    /// <summary>Moves all blocks.</summary>
    /// <param name="step">Learning rates.</param>
    public void Step(CodeStep step)
    {
        _steps++;
        foreach (CodeTraining block in _blocks)
        {
            block.Step(step);
            if (_steps % RecountEvery == 0)
            {
                block.Recount();
            }
        }
    }

    /// <summary>Decides the codes, in the bytes of the formats.</summary>
    public void Close() => _blocks.ForEach(block => block.Close());

    /// <summary>Remembers the state of all blocks.</summary>
    public void Save() => _blocks.ForEach(block => block.Save());

    /// <summary>Goes back to the remembered state.</summary>
    public void Restore() => _blocks.ForEach(block => block.Restore());

    /// <inheritdoc/>
    public void Dispose() => _blocks.ForEach(block => block.Dispose());
}
