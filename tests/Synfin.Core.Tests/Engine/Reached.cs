using Synfin.Stack;
using Synfin.Tcp;
using Synfin.Testing;

namespace Synfin.Core.Tests.Engine;

/// <summary>A time line that ends in a certain state, and the relative numbers it ends with.</summary>
/// <param name="State">The state.</param>
/// <param name="RcvNxt">RCV.NXT.</param>
/// <param name="SndUna">SND.UNA.</param>
/// <param name="SndNxt">SND.NXT.</param>
/// <param name="Reach">How it is reached.</param>
public sealed record Reached(TcpState State, int RcvNxt, int SndUna, int SndNxt, Func<StackOptions?, Given> Reach)
{
    /// <summary>The time line, with default options.</summary>
    public Given Go(StackOptions? options = null) => Reach(options).Then(State).SendsNothing();
}
