-- Of a chart that lies in several envelopes some may be here and others not: until all are, it is
-- not taken for the chart.
ALTER TABLE elsewhere ADD COLUMN partly INTEGER NOT NULL DEFAULT 0;
CREATE INDEX elsewhere_partly ON elsewhere (patient) WHERE partly = 1;
