namespace Synfin.Simulation.Faults;

/// <summary>What a segment means in its connection.</summary>
internal readonly record struct FlowFacts(long StreamOffset, bool IsRetransmission, bool AcknowledgesFin, bool IsHandshakeAck)
{
    public static FlowFacts Unknown => new(-1, false, false, false);
}
