using Synfin.Tcp;
using Xunit;

namespace Synfin.Core.Tests.Engine;

/// <summary>States as data of a theory.</summary>
public sealed class TheoryDataOfStates : TheoryData<TcpState>
{
    /// <summary>These states.</summary>
    public TheoryDataOfStates(params ReadOnlySpan<TcpState> states)
    {
        foreach (TcpState state in states) Add(state);
    }
}
