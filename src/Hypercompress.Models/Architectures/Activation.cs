namespace Hypercompress.Models.Architectures;

/// <summary>The nonlinearity of a feed-forward block.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x); <c>silu</c> or <c>swish</c>.</summary>
    Silu,

    /// <summary>The exact x · Φ(x); <c>gelu</c>.</summary>
    Gelu,

    /// <summary>
    /// The tanh form of gelu; <c>gelu_pytorch_tanh</c>, <c>gelu_new</c>, <c>gelu_fast</c> or <c>gelu_python_tanh</c>.
    /// </summary>
    GeluTanh,

    /// <summary>x · sigmoid(1.702 x); <c>quick_gelu</c>.</summary>
    QuickGelu,

    /// <summary>max(x, 0); <c>relu</c>.</summary>
    Relu,

    /// <summary>max(x, 0)²; <c>relu2</c>.</summary>
    SquaredRelu,

    /// <summary>tanh(x); <c>tanh</c>.</summary>
    Tanh,
}
