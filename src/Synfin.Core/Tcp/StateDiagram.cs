namespace Synfin.Tcp;

/// <summary>The edges of RFC 9293 Figure 5 and of the text of 3.10, as data.</summary>
public static class StateDiagram
{
    private static readonly ushort[] Successors = Build();

    /// <summary>Whether a connection may go from one state to the other in one step.</summary>
    public static bool Allows(TcpState from, TcpState to) => (Successors[(int)from] & 1 << (int)to) != 0;

    private static ushort[] Build()
    {
        var successors = new ushort[11];
        void Edges(TcpState from, params ReadOnlySpan<TcpState> to)
        {
            foreach (TcpState state in to) successors[(int)from] |= (ushort)(1 << (int)state);
        }
        Edges(TcpState.Closed, TcpState.Listen, TcpState.SynSent);
        Edges(TcpState.Listen, TcpState.SynReceived, TcpState.SynSent, TcpState.Closed);
        Edges(TcpState.SynSent, TcpState.SynReceived, TcpState.Established, TcpState.Closed);
        Edges(TcpState.SynReceived, TcpState.Established, TcpState.FinWait1, TcpState.CloseWait, TcpState.Listen, TcpState.Closed);
        Edges(TcpState.Established, TcpState.FinWait1, TcpState.CloseWait, TcpState.Closed);
        Edges(TcpState.FinWait1, TcpState.FinWait2, TcpState.Closing, TcpState.TimeWait, TcpState.Closed);
        Edges(TcpState.FinWait2, TcpState.TimeWait, TcpState.Closed);
        Edges(TcpState.CloseWait, TcpState.LastAck, TcpState.Closed);
        Edges(TcpState.Closing, TcpState.TimeWait, TcpState.Closed);
        Edges(TcpState.LastAck, TcpState.Closed);
        Edges(TcpState.TimeWait, TcpState.Closed, TcpState.Listen);
        return successors;
    }
}
