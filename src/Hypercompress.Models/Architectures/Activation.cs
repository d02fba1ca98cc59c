namespace Hypercompress.Models.Architectures;

/// <summary>The nonlinearity of a gated feed-forward block.</summary>
public enum Activation
{
    /// <summary>x · sigmoid(x); <c>silu</c> or <c>swish</c>.</summary>
    Silu,

    /// <summary>The exact x · Φ(x); <c>gelu</c>.</summary>
    Gelu,

    /// <summary>The tanh form of gelu; <c>gelu_pytorch_tanh</c> or <c>gelu_new</c>.</summary>
    GeluTanh,

    /// <summary>max(x, 0); <c>relu</c>.</summary>
    Relu,
}
