using Hypercompress.Forms;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Training.Gradual;

/// <summary>A student with every form that trains gradually, and some that do not.</summary>
internal static class PlannedStudent
{
    private const int Rank = 4;

    public static DecoderModel Of(DecoderModel teacher)
    {
        var made = new Dictionary<string, FormMatrix>(StringComparer.Ordinal);
        return teacher.WithMatrices(slot => made[slot.Name] = Make(slot, made));
    }

    /// <summary>All forms of a kind.</summary>
    public static TForm[] Forms<TForm>(DecoderModel student)
        where TForm : FormMatrix => [.. student.Slots.Select(slot => slot.Matrix).OfType<TForm>()];

    /// <summary>The bytes of the tensors of every slot.</summary>
    public static byte[][] Stored(DecoderModel student) =>
    [
        .. student.Slots.SelectMany(slot => ((FormMatrix)slot.Matrix).Store(slot.Name)).Select(stored =>
        {
            using Tensor value = stored.Value;
            return value.bytes.ToArray();
        }),
    ];

    private static FormMatrix Make(WeightSlot slot, Dictionary<string, FormMatrix> made)
    {
        using var scope = NewDisposeScope();
        Tensor values = slot.Matrix.Materialize();
        string role = slot.Name.Split('.')[^1];
        return role switch
        {
            "q_proj" => SparseForm.From(values, values.abs() > 0.15, FloatFormat.Float16),
            "o_proj" => SparseForm.From(
                values, Pattern(values), FloatFormat.BFloat16, pattern: new SparsePattern(2, 4)),
            "down_proj" => LowRank(values),
            "gate_proj" => Pivots(values),
            "up_proj" => Shared(values, slot.Name.Replace("up_proj", "gate_proj", StringComparison.Ordinal), made),
            _ => DenseForm.From(values, FloatFormat.Float16),
        };
    }

    private static Tensor Pattern(Tensor values)
    {
        Tensor groups = values.abs().reshape(values.shape[0], -1, 4);
        return (groups.argsort(-1, descending: true).argsort(-1) < 2).reshape(values.shape);
    }

    private static (Tensor Up, Tensor Down) Factors(Tensor values)
    {
        (Tensor left, Tensor sizes, Tensor right) = linalg.svd(values, fullMatrices: false);
        return (left.narrow(1, 0, Rank) * sizes.narrow(0, 0, Rank), right.narrow(0, 0, Rank));
    }

    private static LowRankForm LowRank(Tensor values)
    {
        (Tensor up, Tensor down) = Factors(values);
        return LowRankForm.From(up, down, FloatFormat.Float16, FloatFormat.Float16);
    }

    private static PivotRowForm Pivots(Tensor values)
    {
        (long rows, long columns) = (values.shape[0], values.shape[1]);
        var form = new PivotRowForm(
            FloatFormat.Float32.Encode(zeros(Rank, columns)),
            FloatFormat.Float32.Encode(zeros(Rank, rows - Rank)),
            [.. Enumerable.Range(0, (int)rows).Select(row => row < Rank)]);
        (Tensor up, Tensor down) = Factors(values.to(ScalarType.Float64));
        form.TakeFactors(up.t(), down);
        return form;
    }

    private static SharedLatentForm Shared(Tensor values, string owner, Dictionary<string, FormMatrix> made)
    {
        Tensor down = ((ILatentMatrix)made[owner]).Encode(eye(values.shape[1]));
        Tensor up = linalg.pinv(down).matmul(values.t());
        return new SharedLatentForm(FloatFormat.Float32.Encode(up), made[owner], owner);
    }
}
